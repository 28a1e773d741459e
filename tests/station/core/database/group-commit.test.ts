import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeEnd } from '../../../../station/execution/executor/finish-run.ts';
import { openStationDatabaseForReading } from '../../../../station/core/database/index.ts';
import { createGroupCommit } from '../../../../station/core/database/group-commit.ts';
import { beginRun, openSampleStore } from '../../../kit/sample-rows.ts';
import { tempDir } from '../../../support/temp-dir.ts';

/** Something like a database: what is written is there when `record` returns, and nothing of it when it throws. */
function memory() {
  const kept: number[] = [];
  let pending: number[] | null = null;
  let commits = 0;
  let refused = 0;
  return {
    kept,
    get commits() {
      return commits;
    },
    put: (n: number): void => void pending?.push(n),
    /** The next so many commits fail, as on a full disk. */
    refuse: (times: number): void => void (refused = times),
    record(work: () => unknown): unknown {
      pending = [];
      try {
        const result = work();
        if (refused > 0) {
          refused -= 1;
          throw new Error('full');
        }
        kept.push(...pending);
        commits += 1;
        return result;
      } finally {
        pending = null;
      }
    },
  };
}

describe('writes of one turn', () => {
  it('are one transaction, in their order, each with its own result', async () => {
    const db = memory();
    const together = createGroupCommit(db.record);
    const results = [1, 2, 3].map((n) => together(() => (db.put(n), n * 10)));
    expect(db.kept).toEqual([]);
    expect(await Promise.all(results)).toEqual([10, 20, 30]);
    expect(db).toMatchObject({ kept: [1, 2, 3], commits: 1 });
    await together(() => db.put(4));
    expect(db).toMatchObject({ kept: [1, 2, 3, 4], commits: 2 });
  });

  it('are recorded exactly once, or reported as failed, after any error', async () => {
    const turn = fc.record({
      works: fc.array(fc.boolean(), { maxLength: 6 }),
      refused: fc.nat(3),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(turn, { maxLength: 5 }), async (turns) => {
        const db = memory();
        const together = createGroupCommit(db.record);
        let id = 0;
        const written: number[] = [];
        for (const { works, refused } of turns) {
          db.refuse(refused);
          const ended = works.map((sound) => {
            const n = (id += 1);
            const write = together(() => {
              db.put(n);
              if (!sound) throw new Error('defect');
              return n;
            });
            return write.then(
              (result) => {
                // Durable before anybody hears of it.
                expect(db.kept).toContain(result);
                expect(sound).toBe(true);
                written.push(result);
              },
              (error: unknown) => expect((error as Error).message).toBe(sound ? 'full' : 'defect'),
            );
          });
          await Promise.all(ended);
        }
        expect(db.kept.toSorted((a, b) => a - b)).toEqual(written.toSorted((a, b) => a - b));
        expect(new Set(db.kept).size).toBe(db.kept.length);
      }),
    );
  });
});

describe('the ends of runs in one turn', () => {
  it('are visible only when durable, and one that cannot be written does not prevent the others', async () => {
    using dir = tempDir();
    const database = openSampleStore(dir.path);
    const other = openStationDatabaseForReading(dir.path);
    try {
      const ids = ['a', 'b', 'c'];
      for (const id of ids) beginRun(database, id, `SN-${id}`);
      const outcomes = () => ids.map((id) => other.runs.findById(id)?.outcome);
      const ends = ['a', 'gone', 'b', 'c'].map((id) =>
        database
          .writeGrouped(() => writeEnd(database, id, 2, 'PASS', null))
          .then(
            ({ runId }) => [runId, other.runs.findById(runId)?.outcome],
            (error: unknown) => String(error),
          ),
      );
      expect(outcomes()).toEqual([null, null, null]);
      expect(other.outbox.getCounts().pending).toBe(0);
      expect(await Promise.all(ends)).toEqual([
        ['a', 'PASS'],
        'Error: run gone vanished',
        ['b', 'PASS'],
        ['c', 'PASS'],
      ]);
      expect(other.outbox.listPending(9).map(({ key }) => key)).toEqual(['run:a', 'run:b', 'run:c']);
    } finally {
      other.close();
      database.close();
    }
  });
});
