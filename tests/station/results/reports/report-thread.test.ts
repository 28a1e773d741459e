import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createReportWriter } from '../../../../station/results/reports/report-writer.ts';
import { findThreadProgram, runInThread } from '../../../../station/core/heavy-work/index.ts';
import { REPORT_JOB } from '../../../../station/results/reports/index.ts';
import { verifyReport } from '../../../../station/results/reports/index.ts';
import { ensureBundle } from '../../../../scripts/lib/bundles.ts';
import type { ReportRequest } from '../../../../station/results/reports/report-request.ts';
import { openStationDatabase } from '../../../../station/core/database/index.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { textOf } from './pdf/poppler.ts';
import { addRuns, addSampleBatch, manyRuns } from './sample-batch.ts';

function setUp(runs: number) {
  const dir = tempDir('report-thread');
  const out = join(dir.path, 'out');
  mkdirSync(out);
  const data = join(dir.path, 'data');
  const database = openStationDatabase(data);
  addSampleBatch(database);
  addRuns(database, [...manyRuns(runs)]);
  database.close();
  return { data, out, [Symbol.dispose]: () => dir[Symbol.dispose]() };
}

const BATCH: ReportRequest = { kind: 'batch', batchId: 'B' };
const PROGRAM = findThreadProgram();

describe('the thread that writes reports', () => {
  it('writes what the thread of the station would write, and tells its progress', async () => {
    using setup = setUp(3000);
    const requests: Record<string, ReportRequest> = {
      batch: BATCH,
      runs: {
        kind: 'runs',
        nowMs: 1,
        filter: { outcomes: ['FAIL'], batchId: 'B' },
        columns: ['serialNumber', 'outcome'],
        names: { serialNumber: '序列号' },
        measurements: true,
      },
    };
    const there = createReportWriter(setup.data, PROGRAM);
    const here = createReportWriter(setup.data, null);
    for (const [name, request] of Object.entries(requests)) {
      const options = { format: 'csv', appVersion: '1', signal: NEVER_ABORTED } as const;
      const written = await there.write(request, join(setup.out, name), options);
      const bytes = [name, `${name}.manifest.json`].map((one) => readFileSync(join(setup.out, one)));
      expect(await here.write(request, join(setup.out, name), options)).toEqual(written);
      expect([name, `${name}.manifest.json`].map((one) => readFileSync(join(setup.out, one)))).toEqual(bytes);
      expect(written.rows).toBe(name === 'batch' ? 3000 : 300);
    }
    await Promise.all([there.close(), here.close()]);
  });

  it('writes the same PDF, with the titles of the recipe', async () => {
    using setup = setUp(20);
    const writers = [createReportWriter(setup.data, PROGRAM), createReportWriter(setup.data, null)];
    const titles = { 'main/read': { en: 'Read the unit', 'zh-CN': '读取产品' } };
    const options = { format: 'pdf', pdf: { language: 'en', titles }, signal: NEVER_ABORTED } as const;
    const files = await Promise.all(
      writers.map(async (writer, index) => {
        const file = join(setup.out, `${index}.pdf`);
        await writer.write(BATCH, file, options);
        return file;
      }),
    );
    const [there = '', here = ''] = files;
    expect(readFileSync(there).equals(readFileSync(here))).toBe(true);
    expect(textOf(there)).toContain('Read the unit (read)');
    await Promise.all(writers.map((writer) => writer.close()));
  });

  it('ends when it is cancelled or the station is closed, and leaves nothing', async () => {
    using setup = setUp(3000);
    const writer = createReportWriter(setup.data, PROGRAM);
    const abort = new AbortController();
    const cancelled = faultOf(() =>
      writer.write(BATCH, join(setup.out, 'a'), { format: 'csv', signal: abort.signal }),
    );
    const closed = faultOf(() =>
      writer.write(BATCH, join(setup.out, 'b'), { format: 'jsonl', signal: NEVER_ABORTED }),
    );
    abort.abort();
    await writer.close();
    expect([(await cancelled).code, (await closed).code]).toEqual(['cancelled', 'cancelled']);
    expect(readdirSync(setup.out)).toEqual([]);
  });

  it('says the fault of a report in the words of it', async () => {
    using setup = setUp(1001);
    const writer = createReportWriter(setup.data, PROGRAM);
    const fault = await faultOf(() =>
      writer.write(BATCH, join(setup.out, 'nowhere', 'a'), { format: 'csv', signal: NEVER_ABORTED }),
    );
    expect(fault).toMatchObject({ code: 'file-missing', hint: 'Make it, or name another.' });
    await writer.close();
  });

  it('is not needed where a host cannot start it', async () => {
    using setup = setUp(1001);
    const broken = join(setup.out, 'broken.mjs');
    writeFileSync(broken, "import 'no-such-package';");
    const writer = createReportWriter(setup.data, broken);
    const file = join(setup.out, 'a.csv');
    const { rows } = await writer.write(BATCH, file, { format: 'csv', signal: NEVER_ABORTED });
    expect(rows).toBe(1001);
    await writer.close();
  });

  it.each(['out/electron/core/heavy-worker.js', 'out/cli/heavy-worker.js'])(
    'is a file of a bundle: %s',
    async (program) => {
      await Promise.all(['electron', 'cli'].map((name) => ensureBundle(name as 'electron' | 'cli')));
      using setup = setUp(20);
      const file = join(setup.out, 'a.csv');
      const written = await runInThread(
        join(import.meta.dirname, '../../../..', program),
        REPORT_JOB,
        { dataDir: setup.data, request: BATCH, file, options: { format: 'csv' } },
        { signal: NEVER_ABORTED, onProgress: () => undefined },
      );
      expect(written.rows).toBe(20);
      expect((await verifyReport(file, NEVER_ABORTED)).whole).toBe(true);
    },
  );

  it('is found beside the code of a bundle and in the folder of the core', () => {
    using dir = tempDir('bundle');
    for (const folder of ['core', 'chunks']) mkdirSync(join(dir.path, folder));
    expect(findThreadProgram(join(dir.path, 'chunks'))).toBeNull();
    const program = join(dir.path, 'core', 'heavy-worker.js');
    writeFileSync(program, '');
    expect(findThreadProgram(join(dir.path, 'chunks'))).toBe(program);
    expect(findThreadProgram(join(dir.path, 'core'))).toBe(program);
  });
});
