import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import Database from 'better-sqlite3';
import { openStationDatabase } from '../../../../station/core/database/index.ts';
import { openSampleStore } from '../../../kit/sample-rows.ts';
import { tempDir } from '../../../support/temp-dir.ts';

const WRITER = fileURLToPath(new URL('./write-steps.ts', import.meta.url));
const RELAXED = 'PRAGMA synchronous = NORMAL';
const DURABLE = 'PRAGMA synchronous = FULL';
const KILL_AFTER_STEPS = 40;

describe('relaxed writes', () => {
  it('survive SIGKILL, up to the last step that the process reported', async () => {
    using dir = tempDir();
    openSampleStore(dir.path).close();
    const child = spawn(process.execPath, [WRITER, dir.path], { stdio: ['ignore', 'pipe', 'inherit'] });
    let reportedSteps = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      reportedSteps += chunk.length;
      if (reportedSteps > KILL_AFTER_STEPS) child.kill('SIGKILL');
    });
    await once(child, 'close');
    expect(child.signalCode).toBe('SIGKILL');
    expect(reportedSteps).toBeGreaterThan(KILL_AFTER_STEPS);

    const database = openStationDatabase(dir.path);
    try {
      expect(database.runs.listUnfinished().map(({ runId }) => runId)).toEqual(['R']);
      const steps = database.runs.listSteps('R');
      expect(steps.length).toBeGreaterThanOrEqual(reportedSteps);
      expect(steps.map(({ seq }) => seq)).toEqual(steps.map((_, at) => at));
      expect(database.runs.listMeasurements('R')).toHaveLength(steps.length);
    } finally {
      database.close();
    }
  });

  it('restore synchronous=FULL for the next transaction, also after a rollback', () => {
    using dir = tempDir();
    const database = openSampleStore(dir.path);
    // Only a power cut would show which data is on the disk, so that the pragmas are checked.
    const exec = vi.spyOn(Database.prototype, 'exec');
    try {
      database.writeRelaxed(() => database.meta.set('a', '1'));
      expect(() =>
        database.writeRelaxed(() => {
          database.meta.set('a', '2');
          throw new Error('changed my mind');
        }),
      ).toThrow('changed my mind');
      expect(database.meta.get('a')).toBe('1');
      expect(exec.mock.calls.map(([sql]) => sql)).toEqual([RELAXED, DURABLE, RELAXED, DURABLE]);
      // A relaxed write inside of a durable transaction is durable.
      database.writeReserved(() => database.writeRelaxed(() => database.meta.set('a', '3')));
      expect(exec).toHaveBeenCalledTimes(4);
      expect(database.meta.get('a')).toBe('3');
    } finally {
      exec.mockRestore();
      database.close();
    }
  });
});
