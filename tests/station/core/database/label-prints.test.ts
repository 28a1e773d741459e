import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LABEL_PRINT_MOVES, LABEL_PRINT_STATES, type LabelPrintState } from '#shared/domain/label-print.ts';
import { openStationDatabase } from '../../../../station/core/database/index.ts';
import { tempDir } from '../../../support/temp-dir.ts';

const NEW = {
  runId: null,
  unitId: null,
  tripleId: null,
  template: 'default',
  payload: 'p',
  reason: 'test',
  why: '',
  askedBy: 'Li',
  askedAtMs: 1,
  wantsScan: false,
  slot: null,
} as const;

describe('the states of a print', () => {
  it('follow one another in the database as in the table, in every order of attempts', () => {
    using dir = tempDir('label-prints');
    const database = openStationDatabase(dir.path);
    let n = 0;
    try {
      fc.assert(
        fc.property(
          fc.constantFrom('asked' as const, 'waiting' as const),
          fc.array(fc.constantFrom(...LABEL_PRINT_STATES), { maxLength: 12 }),
          (first, attempts) => {
            n += 1;
            const printId = `p${n}`;
            database.transaction(() => database.labelPrints.add({ ...NEW, printId, state: first }));
            let state: LabelPrintState = first;
            let sent = 0;
            let decisions = 0;
            for (const next of attempts) {
              const may: boolean = next === state || LABEL_PRINT_MOVES[state].includes(next);
              const change = (): void =>
                database.transaction(() =>
                  database.labelPrints.change(printId, { state: next, sentAtMs: 2 }),
                );
              if (!may) {
                expect(change).toThrow();
                continue;
              }
              change();
              if (next === 'sending' && state !== next) sent += 1;
              if (next === 'waiting' && state !== next) decisions += 1;
              state = next;
            }
            expect(database.labelPrints.findById(printId)?.state).toBe(state);
            // It is sent at most once for each decision, and the first is the plan itself.
            expect(sent).toBeLessThanOrEqual(decisions + (first === 'waiting' ? 1 : 0));
          },
        ),
        { numRuns: 60 },
      );
      database.transaction(() => {
        database.labelPrints.add({ ...NEW, printId: 'cut', state: 'waiting' });
        database.labelPrints.change('cut', { state: 'sending', sentAtMs: 3 });
        database.labelPrints.endInterrupted(9);
      });
      expect(database.labelPrints.findById('cut')).toMatchObject({
        state: 'unconfirmed',
        sentAtMs: 3,
        endedAtMs: 9,
      });
    } finally {
      database.close();
    }
  });
});
