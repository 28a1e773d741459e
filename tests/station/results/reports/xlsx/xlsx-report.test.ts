import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStationDatabase, type WritableDatabase } from '../../../../../station/core/database/index.ts';
import { type ReportSubject, writeReport } from '../../../../../station/results/reports/index.ts';
import { LONG } from '../../../../support/depth.ts';
import { NEVER_ABORTED } from '../../../../support/never-aborted.ts';
import { type ReadSheet, readXlsx, recordsOf } from '../../../../support/read-xlsx.ts';
import { PYTHON } from '../../../../support/system-python.ts';
import { tempDir } from '../../../../support/temp-dir.ts';
import { addRuns, addSampleBatch, type SampleRun } from '../sample-batch.ts';

const HOSTILE = '=HYPERLINK("http://x","y")';

/** The XML of all sheets. */
function worksheetsOf(path: string): string {
  const script = `import sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
sys.stdout.buffer.write(b"".join(z.read(n) for n in z.namelist() if "worksheets/sheet" in n))`;
  return execFileSync(PYTHON, ['-c', script, path], { encoding: 'utf8' });
}

const RUNS: readonly SampleRun[] = [
  {
    runId: 'a',
    serialNumber: '000123',
    chipId: 'AABBCCDDEE01',
    startedAtMs: 1_000,
    ms: 5_500,
    operator: '王',
    steps: [
      { step: 'radio', outcome: 'FAIL', measured: [{ name: 'rssi', value: -95, unit: 'dBm', low: -80, outcome: 'FAIL' }] },
      { step: 'radio', attempt: 2, measured: [{ name: 'rssi', value: -60, unit: 'dBm', low: -80 }] },
      { step: 'info', measured: [{ name: 'version', value: '1.10' }, { name: 'lamp', value: true }] },
    ],
  },
  {
    runId: 'b',
    serialNumber: HOSTILE,
    startedAtMs: 2_000,
    outcome: 'FAIL',
    failure: { code: 'limit-exceeded', step: 'radio' },
    operator: '=1+1',
    steps: [{ step: 'radio', outcome: 'FAIL', measured: [{ name: 'rssi', value: -91.5, unit: 'dBm', low: -80, outcome: 'FAIL' }] }],
  },
  { runId: 'c', serialNumber: null, startedAtMs: 3_000, outcome: null },
]; // prettier-ignore

describe('a report as XLSX', () => {
  let dir: ReturnType<typeof tempDir>;
  let database: WritableDatabase;
  beforeEach(() => {
    dir = tempDir('xlsx-report');
    database = openStationDatabase(join(dir.path, 'data'));
    addSampleBatch(database, 'B', HOSTILE);
    mkdirSync(join(dir.path, 'out'));
    addRuns(database, RUNS);
  });
  afterEach(() => {
    database.close();
    dir[Symbol.dispose]();
  });

  const path = (name = 'r.xlsx'): string => join(dir.path, 'out', name);
  async function sheetsOf(subject: ReportSubject): Promise<Map<string, ReadSheet>> {
    await writeReport(database, subject, path(), { format: 'xlsx', signal: NEVER_ABORTED });
    return new Map(readXlsx(path()).map((sheet) => [sheet.name, sheet]));
  }
  const table = (sheets: Map<string, ReadSheet>, name: string): Record<string, unknown>[] => {
    const sheet = sheets.get(name);
    if (sheet === undefined) throw new Error(`no sheet ${name}`);
    return recordsOf(sheet);
  };

  it('of a batch has its runs, measurements, yield, trend, causes of failures and limits', async () => {
    const sheets = await sheetsOf({ kind: 'batch', batchId: 'B' });
    expect([...sheets.keys()]).toEqual(['runs', 'measurements', 'yield', 'trend', 'Pareto', 'limits']);
    const runs = table(sheets, 'runs');
    expect(runs.map((run) => run['run'])).toEqual(['a', 'b', 'c']);
    expect(runs[0]).toMatchObject({
      'serial number': '000123',
      MAC: 'AA:BB:CC:DD:EE:01',
      'started (UTC)': '1970-01-01T00:00:01.000',
      'finished (UTC)': '1970-01-01T00:00:06.500',
      ms: 5500,
      slot: 2,
      operator: '王',
    });
    expect(runs[2]).toMatchObject({ outcome: 'running', 'finished (UTC)': null, 'serial number': null });
    expect(table(sheets, 'measurements')).toEqual([
      {
        run: 'a', 'serial number': '000123', outcome: 'PASS', 'started (UTC)': '1970-01-01T00:00:01.000',
        'failed measurements': null, 'rssi [dBm]': -60, version: '1.10', lamp: true,
      },
      {
        run: 'b', 'serial number': HOSTILE, outcome: 'FAIL', 'started (UTC)': '1970-01-01T00:00:02.000',
        'failed measurements': 'rssi [dBm]', 'rssi [dBm]': -91.5, version: null, lamp: null,
      },
      {
        run: 'c', 'serial number': null, outcome: 'running', 'started (UTC)': '1970-01-01T00:00:03.000',
        'failed measurements': null, 'rssi [dBm]': null, version: null, lamp: null,
      },
    ]); // prettier-ignore
    const figures = new Map(table(sheets, 'yield').map((row) => [row['figure'], row['value']]));
    expect(figures.get('units')).toBe(2);
    expect(figures.get('FPY first pass yield')).toBe(0.5);
    expect(table(sheets, 'Pareto')).toMatchObject([{ runs: 1, share: 1, step: 'radio' }]);
    expect(table(sheets, 'limits')).toMatchObject([
      { measurement: 'rssi', unit: 'dBm', low: -80, values: 2, least: -91.5, most: -60 },
      { measurement: 'version' },
      { measurement: 'lamp' },
    ]);
    expect(['trend', 'Pareto'].map((name) => sheets.get(name)?.charts)).toEqual([1, 1]);
  });

  it('holds no formula, whatever a serial number or a name is', async () => {
    await sheetsOf({ kind: 'batch', batchId: 'B' });
    const parts = worksheetsOf(path());
    expect(parts).toContain('=HYPERLINK');
    expect(parts).not.toMatch(/<f[ >]/);
  });

  it('of a filter has the chosen columns in their order, with measurements when they are wanted', async () => {
    const subject = { kind: 'runs', filter: {}, columns: ['serialNumber', 'startedAt', 'outcome'] } as const;
    const bare = await sheetsOf({ ...subject, measurements: false });
    expect([...bare.keys()]).toEqual(['runs']);
    expect(bare.get('runs')?.rows.map((row) => row.map(([value]) => value))).toEqual([
      ['serial number', 'started (UTC)', 'outcome', 'unproven'],
      [null, '1970-01-01T00:00:03.000', 'running', null],
      [HOSTILE, '1970-01-01T00:00:02.000', 'FAIL', null],
      ['000123', '1970-01-01T00:00:01.000', 'PASS', null],
    ]);
    const whole = await sheetsOf({ ...subject, measurements: true });
    expect([...whole.keys()]).toEqual(['runs', 'measurements', 'limits']);
    expect(table(whole, 'measurements').map((run) => run['rssi [dBm]'])).toEqual([null, -91.5, -60]);
  });

  it('has the same bytes each time, and counts each run once', async () => {
    const counted: number[] = [];
    const write = (name: string) =>
      writeReport(database, { kind: 'batch', batchId: 'B' }, path(name), {
        format: 'xlsx',
        signal: NEVER_ABORTED,
        onProgress: (runs) => counted.push(runs),
      });
    const written = await write('1.xlsx');
    await write('2.xlsx');
    expect(written).toMatchObject({ runs: 3, bytes: readFileSync(path('1.xlsx')).length });
    expect(counted).toEqual([1, 2, 3, 1, 2, 3]);
    expect(readFileSync(path('1.xlsx')).equals(readFileSync(path('2.xlsx')))).toBe(true);
  });

  it.runIf(LONG)('has in LibreOffice the cells that openpyxl reads', async () => {
    const sheets = await sheetsOf({ kind: 'batch', batchId: 'B' });
    const profile = pathToFileURL(join(dir.path, 'profile')).href;
    // All sheets, comma, double quotes, UTF-8, cells as they are shown.
    const filter = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1';
    execFileSync(
      'soffice',
      [
        `-env:UserInstallation=${profile}`,
        '--headless',
        '--convert-to',
        filter,
        '--outdir',
        path('.'),
        path(),
      ],
      { stdio: 'ignore' },
    );
    const text = readFileSync(path('r-runs.csv'), 'utf8');
    expect(text.split('\n')[1]).toContain('000123');
    expect(text).toContain('"=HYPERLINK(""http://x"",""y"")"');
    const measured = readFileSync(path('r-measurements.csv'), 'utf8').trimEnd().split('\n');
    expect(measured).toHaveLength(sheets.get('measurements')?.rows.length ?? 0);
    expect(measured[2]?.split(',').filter((cell) => cell === '-91.5')).toHaveLength(1);
  });
});
