import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ReportSubject, writeReport } from '../../../../station/results/reports/index.ts';
import { openStationDatabase, type WritableDatabase } from '../../../../station/core/database/index.ts';
import { invoke } from '../../../kit/in-process.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { addRuns, addSampleBatch, manyRuns } from './sample-batch.ts';

describe('reports for other programs', () => {
  let dir: ReturnType<typeof tempDir>;
  let database: WritableDatabase;
  beforeEach(() => {
    dir = tempDir('forms');
    database = openStationDatabase(join(dir.path, 'data'));
    addSampleBatch(database);
    addRuns(database, [
      ...manyRuns(3),
      { runId: 'again', serialNumber: 'SN1', chipId: 'AABBCCDDEE01', startedAtMs: 2_000_000 },
      { runId: 'evil', serialNumber: '../..\\CON:<\u0000>', startedAtMs: 3_000_000 },
      { runId: 'running', serialNumber: 'SN9', startedAtMs: 4_000_000, outcome: null },
    ]);
  });
  afterEach(() => {
    database.close();
    dir[Symbol.dispose]();
  });

  const file = (name: string): string => join(dir.path, name);
  const write = async (subject: ReportSubject, format: 'atml' | 'openhtf' | 'wsjf', name: string) => ({
    ...(await writeReport(database, subject, file(name), { format, signal: NEVER_ABORTED })),
    bytes: readFileSync(file(name)),
  });
  const batch = { kind: 'batch', batchId: 'B' } as const;

  /** Names and parsed contents of an archive, by Python. */
  const unzip = (name: string): Record<string, Record<string, unknown>> => {
    const script = `import json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
print(json.dumps({n: json.loads(z.read(n)) for n in z.namelist()}))`;
    const out = execFileSync('python3', ['-c', script, file(name)], { encoding: 'utf8' });
    return JSON.parse(out) as Record<string, Record<string, unknown>>;
  };

  it('have one document for each ended run, under names that are valid everywhere', async () => {
    for (const format of ['openhtf', 'wsjf'] as const) {
      const { runs } = await write(batch, format, 'r.zip');
      const documents = unzip('r.zip');
      const names = Object.keys(documents);
      expect([runs, names.length]).toEqual([5, 5]);
      for (const name of names)
        expect(name).toMatch(/^[A-Za-z0-9][A-Za-z0-9.-]*_\d{8}T\d{6}Z_[0-9a-f-]{36}\.json$/);
      expect(Object.values(documents).map((one) => one['dut_id'] ?? one['sn'])).toEqual([
        'SN0', 'SN1', 'SN2', 'SN1', '../..\\CON:<\u0000>',
      ]); // prettier-ignore
    }
    const { runs, bytes } = await write(batch, 'atml', 'r.xml');
    expect([runs, bytes.toString().match(/<trc:TestResults /g)?.length]).toEqual([5, 5]);
  });

  it('have the same bytes for the same request', async () => {
    for (const format of ['atml', 'openhtf', 'wsjf'] as const) {
      const first = await write(batch, format, 'a');
      expect((await write(batch, format, 'b')).bytes).toEqual(first.bytes);
    }
  });

  it('write one run as one document, by command', async () => {
    const run = async (...args: string[]) => {
      const written = await invoke(
        'report',
        '--out',
        file('one'),
        '--data',
        join(dir.path, 'data'),
        '--json',
        ...args,
      );
      return { ...written, text: existsSync(file('one')) ? readFileSync(file('one'), 'utf8') : '' };
    };
    const one = await run('--run', 'r000000002', '--format', 'openhtf');
    expect([one.status, JSON.parse(one.text)]).toMatchObject([0, { dut_id: 'SN2', station_id: 'L3-07' }]);
    expect(one.events.at(-1)).toMatchObject({ event: 'report.written', format: 'openhtf', runs: 1 });
    expect(
      JSON.parse((await run('--run', 'SN0', '--format', 'wsjf', '--process-code', '42')).text),
    ).toMatchObject({
      sn: 'SN0',
      processCode: 42,
    });
    expect((await run('--run', 'SN0', '--format', 'atml')).text).toMatch(/^<\?xml[^>]*>\n<tr:TestResults /);
    expect((await run('--unit', 'SN1', '--format', 'atml')).text.match(/<trc:TestResults /g)).toHaveLength(2);
    expect(
      (await run('--unit', 'AA:BB:CC:DD:EE:01', '--format', 'jsonl')).text.trim().split('\n'),
    ).toHaveLength(2);
    const refused = [
      await run('--run', 'SN0', '--unit', 'SN1', '--format', 'atml'),
      await run('B', '--run', 'SN0', '--format', 'atml'),
      await run('--run', 'SN9', '--format', 'wsjf'),
      await run('B', '--format', 'atml', '--process-code', '3'),
      await run('--run', 'nobody', '--format', 'atml'),
    ];
    expect(refused.map(({ status }) => status)).toEqual([2, 2, 2, 2, 2]);
  });

  it('leave nothing when they are cancelled', async () => {
    const cancelled = AbortSignal.abort();
    const wanted = () => writeReport(database, batch, file('c.zip'), { format: 'wsjf', signal: cancelled });
    expect((await faultOf(wanted)).code).toBe('cancelled');
    expect(existsSync(file('c.zip'))).toBe(false);
  });
});
