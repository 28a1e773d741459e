import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import Database from 'better-sqlite3';
import { openStationDatabase } from '../../../../station/core/database/index.ts';
import { openSampleStore } from '../../../kit/sample-rows.ts';
import { tempDir } from '../../../support/temp-dir.ts';

const WRITER = fileURLToPath(new URL('./write-steps.ts', import.meta.url));
const PAST_CRASH = 'PRAGMA synchronous = NORMAL';
const DURABLE = 'PRAGMA synchronous = FULL';

describe('what is recorded past a crash', () => {
  it('is all there after SIGKILL, up to the last step that was said to be recorded', async () => {
    using dir = tempDir();
    openSampleStore(dir.path).close();
    const child = spawn(process.execPath, [WRITER, dir.path], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.length;
      if (said > 40) child.kill('SIGKILL');
    });
    await once(child, 'close');

    const database = openStationDatabase(dir.path);
    try {
      expect(database.runs.listUnfinished().map(({ runId }) => runId)).toEqual(['R']);
      const steps = database.runs.listSteps('R');
      expect(steps.length).toBeGreaterThanOrEqual(said);
      expect(steps.map(({ seq }) => seq)).toEqual(steps.map((_, at) => at));
      expect(database.runs.listMeasurements('R')).toHaveLength(steps.length);
    } finally {
      database.close();
    }
  });

  it('leaves the next record waiting for the disk again, also when it was undone', () => {
    using dir = tempDir();
    const database = openSampleStore(dir.path);
    // What waits for the disk cannot be seen from outside, short of cutting the power.
    const grades = vi.spyOn(Database.prototype, 'exec');
    try {
      database.writeRelaxed(() => database.meta.set('a', '1'));
      expect(() =>
        database.writeRelaxed(() => {
          database.meta.set('a', '2');
          throw new Error('changed my mind');
        }),
      ).toThrow('changed my mind');
      expect(database.meta.get('a')).toBe('1');
      expect(grades.mock.calls.map(([sql]) => sql)).toEqual([PAST_CRASH, DURABLE, PAST_CRASH, DURABLE]);
      // Within a durable one it is part of it.
      database.writeReserved(() => database.writeRelaxed(() => database.meta.set('a', '3')));
      expect(grades).toHaveBeenCalledTimes(4);
      expect(database.meta.get('a')).toBe('3');
    } finally {
      grades.mockRestore();
      database.close();
    }
  });
});
