import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyReport, writeReport } from '../../station/results/reports/index.ts';
import { openStationDatabase } from '../../station/core/database/index.ts';
import { faultOf } from '../support/fault-of.ts';
import { NEVER_ABORTED } from '../support/never-aborted.ts';
import { tempDir } from '../support/temp-dir.ts';
import { addRuns, addSampleBatch, manyRuns } from '../station/results/reports/sample-batch.ts';
import { canMount, mountSmallDisk } from './support/small-disk.ts';

describe.skipIf(!canMount())('a report on a full disk', () => {
  it.each(['csv', 'jsonl', 'xlsx'] as const)('as %s says so and changes nothing', async (format) => {
    using dir = tempDir('report-disk');
    using disk = mountSmallDisk(1);
    using database = openIn(dir.path);
    const out = join(disk.path, 'out');
    mkdirSync(out);
    const write = (batchId: string, name: string) =>
      writeReport(database.of, { kind: 'batch', batchId }, join(out, name), {
        format,
        signal: NEVER_ABORTED,
      });
    await write('few', 'r');
    const before = readdirSync(out).map((name) => readFileSync(join(out, name)));
    disk.fill(4096);
    for (const name of ['r', 'new']) {
      const fault = await faultOf(() => write('many', name));
      expect(fault).toMatchObject({ code: 'disk-full', hint: 'Free space and export again.' });
    }
    expect(readdirSync(out)).toEqual(['r', 'r.manifest.json']);
    expect(readdirSync(out).map((name) => readFileSync(join(out, name)))).toEqual(before);
    expect((await verifyReport(join(out, 'r'), NEVER_ABORTED)).whole).toBe(true);
  });

  it('changes nothing when the file fits and its manifest does not', async () => {
    using dir = tempDir('report-disk');
    using disk = mountSmallDisk(1);
    using database = openIn(dir.path);
    const file = join(disk.path, 'r.csv');
    const subject = { kind: 'batch', batchId: 'few' } as const;
    const write = () => writeReport(database.of, subject, file, { format: 'csv', signal: NEVER_ABORTED });
    const { bytes } = await write();
    const before = readFileSync(`${file}.manifest.json`);
    disk.fill(Math.ceil(bytes / 4096) * 4096);
    expect((await faultOf(write)).code).toBe('disk-full');
    expect(readFileSync(`${file}.manifest.json`)).toEqual(before);
    expect((await verifyReport(file, NEVER_ABORTED)).whole).toBe(true);
    disk.empty();
    await write();
    expect((await verifyReport(file, NEVER_ABORTED)).whole).toBe(true);
  });
});

function openIn(dir: string) {
  const database = openStationDatabase(join(dir, 'data'));
  addSampleBatch(database, 'few', 'few');
  addSampleBatch(database, 'many', 'many');
  const runsOf = (batchId: string, count: number, from: number) =>
    [...manyRuns(count, from)].map((run) => ({ ...run, batchId }));
  addRuns(database, runsOf('few', 5, 0));
  addRuns(database, runsOf('many', 400, 1000));
  return { of: database, [Symbol.dispose]: () => database.close() };
}
