import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyReport, writeReport } from '../../../../station/results/reports/index.ts';
import {
  openStationDatabase,
  openStationDatabaseForReading,
  databaseFile,
} from '../../../../station/core/database/index.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { until } from '../../../support/until.ts';
import { addRuns, addSampleBatch, manyRuns } from './sample-batch.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';

const RUNS = 20_000;
const FEW = 2_000;
const CHILD = fileURLToPath(new URL('./export-child.ts', import.meta.url));

// Tens of thousands of runs are written and read: seconds of work, minutes on a busy machine.
describe(`a report of ${RUNS} runs`, () => {
  const dir = tempDir('long-report');
  const few = join(dir.path, 'few');
  const many = join(dir.path, 'many');

  beforeAll(() => {
    for (const [data, count] of [
      [few, FEW],
      [many, RUNS],
    ] as const) {
      const database = openStationDatabase(data);
      addSampleBatch(database);
      for (let from = 0; from < count; from += 1000) addRuns(database, [...manyRuns(1000, from)]);
      database.close();
    }
  });
  afterAll(() => dir[Symbol.dispose]());

  it('that is killed leaves nothing under its name, and none of its parts is taken for it', async () => {
    const out = tempDir('killed-report');
    const file = join(out.path, 'r.jsonl');
    const child = spawn(process.execPath, ['--expose-gc', CHILD, many, 'jsonl', file], { stdio: 'ignore' });
    const parts = (): string[] => readdirSync(out.path);
    await until(() => parts().some((name) => statSync(join(out.path, name)).size > 0), 'a part of the file');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(parts()).toEqual([expect.stringMatching(/^r\.jsonl\..*\.part$/)]);
    expect((await faultOf(() => verifyReport(file, NEVER_ABORTED))).code).toBe('file-missing');
    out[Symbol.dispose]();
  });

  it.each(['csv', 'jsonl'])('as %s needs no more memory than one of a tenth of them', async (format) => {
    const peakOf = async (data: string): Promise<{ runs: number; liveMb: number; peakMb: number }> => {
      const args = ['--expose-gc', CHILD, data, format, join(data, format)];
      const { stdout } = await promisify(execFile)(process.execPath, args);
      return JSON.parse(stdout) as { runs: number; liveMb: number; peakMb: number };
    };
    const [short, long] = [await peakOf(few), await peakOf(many)];
    expect([short.runs, long.runs]).toEqual([FEW, RUNS]);
    expect(long.liveMb - short.liveMb).toBeLessThan(3);
    // With what the collector has not come to yet.
    expect(long.peakMb - short.peakMb).toBeLessThan(100);
  });

  it('lets the line record its runs meanwhile, gives it its turn and keeps the write-ahead log short', async () => {
    const writer = openStationDatabase(many);
    addSampleBatch(writer, 'C', 'meanwhile');
    const reader = openStationDatabaseForReading(many);
    const recordOne = (n: number): number => {
      addRuns(
        writer,
        [...manyRuns(1, 10_000_000 + n)].map((run) => ({ ...run, batchId: 'C' })),
      );
      return statSync(`${databaseFile(many)}-wal`).size / 1e6;
    };
    let [walMb, turns, recorded, going] = [0, 0, 0, true];
    const turn = (): void => {
      turns += 1;
      if (going) setImmediate(turn);
    };
    setImmediate(turn);

    const { runs } = await writeReport(reader, { kind: 'batch', batchId: 'B' }, join(many, 'meanwhile'), {
      format: 'csv',
      signal: NEVER_ABORTED,
      onProgress(done) {
        if (done % 25 === 0) walMb = Math.max(walMb, recordOne((recorded += 1)));
      },
    });
    going = false;
    expect(runs).toBe(RUNS);
    expect(writer.reportRuns.getExtent('C').runs).toBe(RUNS / 25);
    // A run of this kind is ten rows; nobody waits for more than some hundreds of them.
    expect(turns).toBeGreaterThan((RUNS * 10) / 1000);
    // SQLite folds the log in at 16 MB, as long as nobody holds an old state …
    expect(walMb).toBeLessThan(20);
    // … which is what it looks like when somebody does.
    const holding = new Database(databaseFile(many), { readonly: true });
    holding.exec('BEGIN; SELECT count(*) FROM run');
    while (walMb < 20) walMb = recordOne((recorded += 1));
    expect(recorded).toBeLessThan(RUNS / 25 + 3000);
    for (const opened of [holding, reader, writer]) opened.close();
  });
});
