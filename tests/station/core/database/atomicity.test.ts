import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openStationDatabase } from '../../../../station/core/database/index.ts';
import { runKey } from '../../../../station/execution/executor/finish-run.ts';
import { openSampleStore, PRODUCT } from '../../../kit/sample-rows.ts';
import { tempDir } from '../../../support/temp-dir.ts';

const WRITER = fileURLToPath(new URL('./write-loop.ts', import.meta.url));
/** Runs that the child is let finish before each kill; no time is waited for, the kill falls where it falls. */
const KILL_AFTER = [1, 6, 15];

describe('a station killed while it writes', () => {
  it('has each run with its identity and its message, or none of the three', async () => {
    using dir = tempDir();
    openSampleStore(dir.path).close();
    let before = 0;
    for (const [kill, count] of KILL_AFTER.entries()) {
      const kills = kill + 1;
      const child = spawn(process.execPath, [WRITER, dir.path, PRODUCT], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const exited = once(child, 'exit');
      let said = 0;
      const lines = createInterface(child.stdout);
      lines.on('line', () => {
        said += 1;
        if (said === count) child.kill('SIGKILL');
      });
      await exited;
      expect(said).toBeGreaterThanOrEqual(count);

      const database = openStationDatabase(dir.path);
      const runs = database.runs.listOfBatch('B', 100_000);
      const finished = runs.filter((run) => run.outcome !== null);
      // What was said to be finished is there.
      expect(finished.length).toBeGreaterThanOrEqual(before + said);
      before = finished.length;
      const messages = new Set(database.outbox.listPending(100_000).map((row) => row.key));
      expect(messages).toEqual(new Set(finished.map((run) => runKey(run.runId))));
      for (const run of finished) {
        const triple = database.triples.findById(run.tripleId ?? -1);
        expect(triple).toMatchObject({ state: 'burned', unitId: run.unitId });
        expect(database.runs.listMeasurements(run.runId)).toHaveLength(2);
      }
      // The one that the kill cut off: never burned, never told.
      const open = runs.filter((run) => run.outcome === null);
      expect(open.length).toBeLessThanOrEqual(kills);
      for (const run of open)
        expect([undefined, 'claimed', 'burning']).toContain(
          database.triples.findById(run.tripleId ?? -1)?.state,
        );
      expect(database.findViolations()).toEqual([]);
      database.close();
    }
  });
});
