import { expect, it } from 'vitest';
import { unitReport } from '../../renderer/dev/fixtures/units.ts';
import { shownVerdict } from '../../renderer/src/features/returns/verdict-appearance.ts';
import { translatorOf } from './support/words.ts';

const NOW_MS = 1_800_000_000_000;
const RETIRED = { productId: 'HK2QX1JY7C', deviceName: 'dev_4107' };
const retiredBefore = unitReport('known', 1, NOW_MS)
  .timeline.slice(0, 1)
  .map((entry) => ({ ...entry, kind: 'identity-retire' as const }));

it.each([
  ['retired', { ...unitReport('retired', 1, NOW_MS) }, 'Retired identity'],
  ['retired-unread', { ...unitReport('not-read', 1, NOW_MS), retired: RETIRED }, 'Identity retired'],
  ['retired-empty', { ...unitReport('unknown', 1, NOW_MS), timeline: retiredBefore }, 'Retired, no identity'],
  ['not-read', unitReport('not-read', 1, NOW_MS), 'Unit not read'],
  ['unknown', unitReport('unknown', 1, NOW_MS), 'No identity'],
] as const)('names a unit %s', (shown, report, title) => {
  expect(shownVerdict(report)).toBe(shown);
  expect(translatorOf('en').t(`returns.verdict.${shown}`)).toContain(title);
});
