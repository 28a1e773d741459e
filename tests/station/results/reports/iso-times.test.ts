import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createIsoTimes } from '../../../../station/results/reports/iso-times.ts';

it('writes each time as the language does, in any order', () => {
  const isoOf = createIsoTimes();
  const times = fc.integer({ min: -8_640_000_000_000_000, max: 8_640_000_000_000_000 });
  const likely = fc.integer({ min: 0, max: 4_102_444_800_000 });
  fc.assert(
    fc.property(fc.array(fc.oneof(times, likely)), (all) => {
      expect(all.map(isoOf)).toEqual(all.map((ms) => new Date(ms).toISOString()));
    }),
  );
  for (const ms of [0, -1, 999, 86_399_999, 86_400_000]) expect(isoOf(ms)).toBe(new Date(ms).toISOString());
});
