import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeReport } from '../../../../station/results/reports/index.ts';
import { openStationDatabase, type WritableDatabase } from '../../../../station/core/database/index.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { addRuns, addSampleBatch, manyRuns, type SampleRun } from './sample-batch.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';

describe('a report of a batch', () => {
  let dir: ReturnType<typeof tempDir>;
  let database: WritableDatabase;
  let out: string;
  beforeEach(() => {
    dir = tempDir('reports');
    database = openStationDatabase(join(dir.path, 'data'));
    addSampleBatch(database);
    out = join(dir.path, 'out');
    mkdirSync(out);
  });
  afterEach(() => {
    database.close();
    dir[Symbol.dispose]();
  });

  const file = (name: string): string => join(out, name);
  const csv = async (runs: readonly SampleRun[]): Promise<Record<string, string>[]> => {
    addRuns(database, runs);
    await writeReport(database, { kind: 'batch', batchId: 'B' }, file('r.csv'), {
      format: 'csv',
      signal: NEVER_ABORTED,
    });
    return byPython(CSV_PEER, file('r.csv')) as Record<string, string>[];
  };

  describe('as CSV', () => {
    it('has one row per run, oldest first, with what made it', async () => {
      const rows = await csv([
        { runId: 'b', serialNumber: 'SN2', startedAtMs: 2_000, outcome: null },
        {
          runId: 'a',
          serialNumber: 'SN1',
          chipId: 'AABBCCDDEE01',
          startedAtMs: 1_000,
          ms: 5_500,
          operator: '王',
        },
        { runId: 'c', serialNumber: null, startedAtMs: 3_000, outcome: 'FAIL', failure: { step: 'radio' } },
      ]);
      expect(rows.map((row) => row['run'])).toEqual(['a', 'b', 'c']);
      expect(rows[0]).toEqual({
        run: 'a', batch: 'WO-17', 'serial number': 'SN1', MAC: 'AA:BB:CC:DD:EE:01', ProductId: '', DeviceName: '',
        outcome: 'PASS', failure: '', phase: '', step: '', message: '', 'read-back': '', online: '',
        started: '1970-01-01T00:00:01.000Z', finished: '1970-01-01T00:00:06.500Z', ms: '5500', slot: '2',
        station: 'L3-07', operator: '王', 'recipe hash': 'h', 'app version': '1.2.3',
        'firmware SHA-256': 'f00d', unproven: '', 'failed measurements': '',
      }); // prettier-ignore
      expect(rows[1]).toMatchObject({ outcome: 'running', finished: '', ms: '' });
      expect(rows[2]).toMatchObject({
        outcome: 'FAIL',
        failure: 'device-silent',
        step: 'radio',
        message: 'no answer',
      });
    });

    it('has one column per measurement, in the order a run takes them, with the last attempt’s value', async () => {
      const rows = await csv([
        // Ended early: later columns are there for the others, and empty here.
        { runId: '1', startedAtMs: 1, outcome: 'FAIL', steps: [{ step: 'power', measured: [{ name: 'voltage', value: 2.9, unit: 'V', outcome: 'FAIL' }] }, { phase: 'teardown', step: 'off', measured: [{ name: 'leakage', value: 1, unit: 'µA' }] }] },
        { runId: '2', startedAtMs: 2, steps: [
          { step: 'power', measured: [{ name: 'voltage', value: 3.3, unit: 'V' }] },
          { step: 'radio', attempt: 1, outcome: 'FAIL', measured: [{ name: 'rssi', value: -91, unit: 'dBm', outcome: 'FAIL' }] },
          { step: 'radio', attempt: 2, measured: [{ name: 'rssi', value: -61.5, unit: 'dBm' }] },
          { step: 'reply', measured: [{ name: 'ready', value: true }, { name: 'version', value: '1.0.3' }] },
          { phase: 'teardown', step: 'off', measured: [{ name: 'leakage', value: 2, unit: 'µA' }] },
        ] },
      ]); // prettier-ignore
      expect(Object.keys(rows[0] ?? {}).slice(22)).toEqual([
        'unproven',
        'failed measurements', 'voltage [V]', 'rssi [dBm]', 'ready', 'version', 'leakage [µA]',
      ]); // prettier-ignore
      expect(rows[0]).toMatchObject({
        'voltage [V]': '2.9',
        'rssi [dBm]': '',
        'failed measurements': 'voltage [V]',
      });
      expect(rows[1]).toMatchObject({
        'voltage [V]': '3.3',
        'rssi [dBm]': '-61.5',
        ready: 'true',
        version: '1.0.3',
        'leakage [µA]': '2',
        'failed measurements': '',
      });
    });

    it('tells measurements of one name apart by step, then by phase, and never by two columns of one name', async () => {
      const at = (phase: string, step: string, name: string) => ({
        phase,
        step,
        measured: [{ name, value: `${phase}/${step}` }],
      });
      const rows = await csv([
        { runId: '1', startedAtMs: 1, steps: [at('a', 's', 'x'), at('a', 't', 'x'), at('b', 's', 'x'), at('a', 's', 'online'), at('a', 's', 'y')] },
      ]); // prettier-ignore
      expect(Object.entries(rows[0] ?? {}).slice(24)).toEqual([
        ['a.s.x', 'a/s'],
        ['t.x', 'a/t'],
        ['b.s.x', 'b/s'],
        ['s.online', 'a/s'],
        ['y', 'a/s'],
      ]);
    });

    it('is safe in a spreadsheet, whatever a unit or a person says', async () => {
      const evil = ['=HYPERLINK("http://x","y")', '+1+cmd|calc', '-2+3', '@SUM(A1)', '\t=1', '＝1+1'];
      const plain = ['a,b', 'a"b', 'two\r\nlines', ' padded ', '-12.5', '金机 №1', ';x'];
      const rows = await csv(
        [...evil, ...plain].map((text, n) => ({
          runId: `r${n}`,
          serialNumber: text,
          startedAtMs: n,
          operator: text,
          outcome: 'FAIL',
          failure: { message: text },
          steps: [{ step: 's', measured: [{ name: 'reply', value: text }] }],
        })),
      );
      // Exactly what was said, when it is taken back as the document says.
      rows.forEach((row, n) => {
        const said = [...evil, ...plain][n];
        expect([row['serial number'], row['operator'], row['message'], row['reply']]).toEqual(
          Array(4).fill(said),
        );
      });
      const raw = byPython(CSV_RAW, file('r.csv')) as string[][];
      for (const cell of raw.flat()) expect(cell).toMatch(/^(?:[^=+\-@\t\r＝＋－＠]|="[^"]*"$|$)/);
      expect(readFileSync(file('r.csv')).subarray(0, 3).toString('hex')).toBe('efbbbf');
    });

    it('keeps text text and numbers numbers, in any dialect', async () => {
      const texts = ['861234567890123456', '000123', '12E5', '1/2', '12:30', 'TRUE', 'SN1'];
      const run = (text: string, n: number): SampleRun => ({
        runId: `r${n}`,
        serialNumber: text,
        startedAtMs: n,
        steps: [
          {
            step: 's',
            measured: [
              { name: '1-2', value: text },
              { name: 'volt', value: 3.25 },
            ],
          },
        ],
      });
      addRuns(database, texts.map(run));
      for (const [csvForm, number] of [
        [{}, '3.25'],
        [{ delimiter: ';' }, '3.25'],
        [{ delimiter: ';', decimal: ',' }, '3,25'],
        [{ delimiter: '\t' }, '3.25'],
      ] as const) {
        await writeReport(database, { kind: 'batch', batchId: 'B' }, file('r.csv'), {
          format: 'csv',
          csv: csvForm,
          signal: NEVER_ABORTED,
        });
        const delimiter = 'delimiter' in csvForm ? csvForm.delimiter : ',';
        const [header = [], ...rows] = byPython(CSV_RAW, file('r.csv'), delimiter) as string[][];
        const column = (name: string): (string | undefined)[] => rows.map((row) => row[header.indexOf(name)]);
        const kept = texts.map((text) => (text === 'SN1' ? text : `="${text}"`));
        expect(column('serial number')).toEqual(kept);
        expect(column('="1-2"')).toEqual(kept);
        expect(column('volt')).toEqual(texts.map(() => number));
        expect(column('ms')).toEqual(texts.map(() => expect.stringMatching(/^\d+$/) as string));
      }
      const both = { format: 'csv', csv: { decimal: ',' }, signal: NEVER_ABORTED } as const;
      expect(
        (await faultOf(() => writeReport(database, { kind: 'batch', batchId: 'B' }, file('x.csv'), both)))
          .code,
      ).toBe('bad-input');
    });

    it('numbers columns that no step and phase tells apart', async () => {
      const measured = (name: string, value: number, unit?: string) => [
        unit === undefined ? { name, value } : { name, value, unit },
      ];
      const [row] = await csv([
        {
          runId: '1',
          startedAtMs: 1,
          steps: [
            { phase: 'p', step: 'a.b', measured: measured('c', 1) },
            { phase: 'p', step: 'a', measured: measured('b.c', 2) },
            { phase: 'p', step: 'a', measured: measured('c', 3) },
            { phase: 'q', step: 'u', measured: measured('v [V]', 4) },
            { phase: 'q', step: 'u', measured: measured('v', 5, 'V') },
          ],
        },
      ]);
      const columns = Object.entries(row ?? {}).slice(24);
      expect(columns.map(([, value]) => value)).toEqual(['1', '2', '3', '4', '5']);
      expect(new Set(columns.map(([name]) => name)).size).toBe(5);
    });

    it('of a batch without runs is a header', async () => {
      expect(await csv([])).toEqual([]);
      expect(readFileSync(file('r.csv'), 'utf8')).toMatch(/^\uFEFFrun,batch,[^\n]*\r\n$/);
    });
  });

  describe('as JSON Lines', () => {
    it('has every attempt of every step, with values as they were', async () => {
      addRuns(database, [
        {
          runId: 'a',
          serialNumber: 'SN "1"\n行',
          chipId: 'AABBCCDDEE01',
          startedAtMs: 1_000,
          outcome: 'FAIL',
          steps: [
            { step: 'radio', attempt: 1, outcome: 'FAIL', measured: [{ name: 'rssi', value: -91, unit: 'dBm', outcome: 'FAIL' }] },
            { step: 'radio', attempt: 2, measured: [{ name: 'rssi', value: -61.25, unit: 'dBm' }, { name: 'count', value: '007' }, { name: 'ok', value: true }] },
          ],
        },
        { runId: 'b', startedAtMs: 2_000, outcome: null },
      ]); // prettier-ignore
      const written = await writeReport(database, { kind: 'batch', batchId: 'B' }, file('r.jsonl'), {
        format: 'jsonl',
        signal: NEVER_ABORTED,
      });
      const bytes = readFileSync(file('r.jsonl'));
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      expect(written).toEqual({ runs: 2, rows: 2, bytes: bytes.length, sha256 });
      const [a, b] = byPython(JSONL_PEER, file('r.jsonl')) as Record<string, unknown>[];
      const step = {
        phase: 'main',
        step: 'radio',
        startedAt: '1970-01-01T00:00:01.000Z',
        ms: 1.5,
        failure: null,
      };
      const rssi = { name: 'rssi', unit: 'dBm', limits: '' };
      expect(a).toEqual({
        batch: 'B', batchName: 'WO-17', run: 'a', station: 'L3-07', slot: 2, operator: 'Li', appVersion: '1.2.3',
        recipeHash: 'h', recipeName: 'r', recipeVersion: '1', firmwareSha256: 'f00d', serialNumber: 'SN "1"\n行', mac: 'AA:BB:CC:DD:EE:01', unitId: { kind: 'mac', text: 'AA:BB:CC:DD:EE:01' }, productId: null, deviceName: null,
        proof: null, outcome: 'FAIL',
        firstFailure: { code: 'device-silent', phase: 'main', step: 'read', message: 'no answer', hint: null, details: {} },
        startedAt: '1970-01-01T00:00:01.000Z', finishedAt: '1970-01-01T00:00:02.000Z', ms: 1000,
        steps: [
          { ...step, attempt: 1, outcome: 'FAIL', measurements: [{ ...rssi, value: -91, outcome: 'FAIL' }] },
          { ...step, attempt: 2, outcome: 'PASS', measurements: [
            { ...rssi, value: -61.25, outcome: 'PASS' },
            { name: 'count', value: '007', unit: null, limits: '', outcome: 'PASS' },
            { name: 'ok', value: true, unit: null, limits: '', outcome: 'PASS' },
          ] },
        ],
      }); // prettier-ignore
      expect(b).toMatchObject({ run: 'b', outcome: null, finishedAt: null, ms: null, steps: [] });
    });
  });

  describe.each(['csv', 'jsonl'] as const)('as %s', (format) => {
    it('is about what was started before it: each run once, whatever is recorded meanwhile', async () => {
      addRuns(database, [...manyRuns(400)]);
      let recorded = 400;
      const told: number[] = [];
      const written = await writeReport(database, { kind: 'batch', batchId: 'B' }, file('r'), {
        format,
        signal: NEVER_ABORTED,
        onProgress(runs, total) {
          told.push(runs);
          expect(total).toBe(400);
          if (runs % 100 === 0) addRuns(database, [...manyRuns(20, recorded)]);
          if (runs % 100 === 0) recorded += 20;
        },
      });
      expect(written.runs).toBe(400);
      expect(told).toEqual(Array.from({ length: 400 }, (_, n) => n + 1));
      expect(recorded).toBe(480);
      const ids = (byPython(format === 'csv' ? CSV_PEER : JSONL_PEER, file('r')) as { run: string }[]).map(
        ({ run }) => run,
      );
      expect(ids).toEqual([...manyRuns(400)].map(({ runId }) => runId));
    });

    it('that is cancelled leaves nothing, and what was there before stays', async () => {
      addRuns(database, [...manyRuns(600)]);
      writeFileSync(file('r'), 'before');
      const abort = new AbortController();
      const stopped = faultOf(() =>
        writeReport(database, { kind: 'batch', batchId: 'B' }, file('r'), {
          format,
          signal: abort.signal,
          onProgress: (runs) => void (runs === 300 && abort.abort()),
        }),
      );
      expect((await stopped).code).toBe('cancelled');
      expect(readdirSync(out)).toEqual(['r']);
      expect(readFileSync(file('r'), 'utf8')).toBe('before');
    });

    it('replaces a file of before only when it is whole', async () => {
      addRuns(database, [...manyRuns(3)]);
      writeFileSync(file('r'), 'before');
      await writeReport(database, { kind: 'batch', batchId: 'B' }, file('r'), {
        format,
        signal: NEVER_ABORTED,
      });
      expect(readFileSync(file('r'), 'utf8')).not.toContain('before');
      expect(readdirSync(out).sort()).toEqual(['r', 'r.manifest.json']);
    });

    it.each([
      ['a folder that is not there', 'nowhere/r', 'file-missing'],
      ['a file as its folder', 'plain/r', 'file-missing'],
      ['the name of a folder', 'folder', 'file-denied'],
    ])('to %s is refused in words and leaves nothing', async (_, path, code) => {
      addRuns(database, [...manyRuns(3)]);
      writeFileSync(file('plain'), '');
      mkdirSync(file('folder'));
      const fault = await faultOf(() =>
        writeReport(database, { kind: 'batch', batchId: 'B' }, file(path), { format, signal: NEVER_ABORTED }),
      );
      expect(fault.code).toBe(code);
      expect(fault.hint).not.toBeNull();
      expect(readdirSync(out).sort()).toEqual(['folder', 'plain']);
    });
  });
});

const CSV_PEER = `import csv,json,sys
rows=list(csv.reader(open(sys.argv[1],encoding='utf-8-sig',newline=''),strict=True))
assert all(len(r)==len(rows[0]) for r in rows) and len(set(rows[0]))==len(rows[0])
# As docs/reports.md says: what was written for spreadsheets is taken back.
text=lambda c: c[2:-1] if c.startswith('="') else c[1:] if c.startswith("'") else c
print(json.dumps([dict(zip(map(text,rows[0]),map(text,r))) for r in rows[1:]]))`;
/** As a spreadsheet gets it. */
const CSV_RAW = `import csv,json,sys
print(json.dumps(list(csv.reader(open(sys.argv[1],encoding='utf-8-sig',newline=''),delimiter=(sys.argv[2:]+[','])[0],strict=True))))`;
const JSONL_PEER = `import json,sys
print(json.dumps([json.loads(line) for line in open(sys.argv[1],encoding='utf-8',newline='\\n')]))`;

/** The file as Python's own readers see it. */
function byPython(script: string, path: string, ...more: readonly string[]): unknown {
  const printed = execFileSync('python3', ['-X', 'utf8', '-c', script, path, ...more], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(printed.toString()) as unknown;
}
