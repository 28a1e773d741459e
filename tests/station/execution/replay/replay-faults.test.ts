import { describe, it } from 'vitest';
import type { UnitFault } from '#simulator';
import { depth } from '../../../support/depth.ts';
import { expectSameAgain } from './replay-support.ts';
import { startStation } from '../../../kit/station.ts';
import { simulated } from '../../../kit/units.ts';
import { moduleRecipe } from '../../../kit/recipes.ts';
import { partOf } from '../../../support/rotation.ts';

const TIMES = depth({ short: 3, long: 10 });

const CASES: readonly (readonly [string, readonly UnitFault[]])[] = [
  ['nothing', []],
  ['every reply cut in five', [{ fault: 'split', pieces: 5, pauseMs: 15 }]],
  ['garbage before every reply', [{ fault: 'garbage', bytes: 40 }]],
  ['a slow unit', [{ fault: 'slow', factor: 8 }]],
  ['an echo', [{ fault: 'echo-on' }]],
  ['a write without reply', [{ fault: 'write-no-reply', times: 1 }]],
  ['a restart after writing', [{ fault: 'reboot-on-write', when: 'after', times: 1 }]],
  ['a restart before writing', [{ fault: 'reboot-on-write', when: 'before', times: 1 }]],
  ['the wrong secret stored', [{ fault: 'store-wrong', sameChecksum: false }]],
  ['the wrong secret stored with the right check byte', [{ fault: 'store-wrong', sameChecksum: true }]],
  ['silence', [{ fault: 'silent' }]],
  ['silence at first', [{ fault: 'silent', times: 3 }]],
  ['a pulled cable', [{ fault: 'unplug', afterBytes: 40 }]],
  ['everything forgotten', [{ fault: 'forget' }]],
  [
    'garbage and pieces',
    [
      { fault: 'garbage', bytes: 300 },
      { fault: 'split', pieces: 20, pauseMs: 3 },
    ],
  ],
];

describe('a recording made with a fault', () => {
  // Most of the time of each is waiting.
  it.concurrent.each(partOf(CASES, 5))('%s: replays to the same each time', async (_, faults) => {
    const units = { 1: [...faults] };
    await using setup = await startStation({
      units: simulated(1, { faults: { units } }),
      registry: 'real',
      recipe: moduleRecipe({ commandTimeoutMs: 700 }),
    });
    const result = await setup.run(1);
    await expectSameAgain(setup.dataDir, result, TIMES);
    // And again with what the ledger knows by then.
    const again = await setup.run(1, null);
    await expectSameAgain(setup.dataDir, again, 1);
  });
});
