import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findUnitRuns, verifyReport, writeReport } from '../../../../station/results/reports/index.ts';
import type { ReportSubject } from '../../../../station/results/reports/index.ts';
import { openStationDatabase, type WritableDatabase } from '../../../../station/core/database/index.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { addRuns, addSampleBatch, manyRuns } from './sample-batch.ts';

const BATCH: ReportSubject = { kind: 'batch', batchId: 'B' };
const FOUND: ReportSubject = {
  kind: 'runs',
  filter: { outcomes: ['FAIL'], batchId: 'B' },
  columns: ['serialNumber', 'outcome', 'failure'],
  names: { serialNumber: 'Serial No.', failure: '=1+1' },
  measurements: false,
};

describe('a report with its manifest', () => {
  let dir: ReturnType<typeof tempDir>;
  let database: WritableDatabase;
  let out: string;
  beforeEach(() => {
    dir = tempDir('manifest');
    database = openStationDatabase(join(dir.path, 'data'));
    addSampleBatch(database);
    addRuns(database, [...manyRuns(20)]);
    out = join(dir.path, 'out');
    mkdirSync(out);
  });
  afterEach(() => {
    database.close();
    dir[Symbol.dispose]();
  });

  const file = (name: string): string => join(out, name);
  const write = (name: string, subject: ReportSubject = BATCH, format: 'csv' | 'jsonl' = 'csv') =>
    writeReport(database, subject, file(name), { format, appVersion: '1.2.3', signal: NEVER_ABORTED });
  const verify = (name: string) => verifyReport(file(name), NEVER_ABORTED);

  it('says what is in the file, as an independent program counts it', async () => {
    await write('found.csv', FOUND);
    const [manifest, digest, lines] = JSON.parse(
      execFileSync('python3', ['-X', 'utf8', '-c', PEER, file('found.csv')]).toString(),
    ) as [Record<string, unknown>, string, number];
    expect(manifest).toMatchObject({
      schema: 'gongwei-report-manifest/1', file: 'found.csv', bytes: readFileSync(file('found.csv')).length,
      sha256: digest, rows: lines - 1, form: 'csv', formVersion: 1,
      about: { kind: 'runs', words: 'batch B; outcome FAIL', batchId: 'B', batchName: 'WO-17', unit: null, run: null, filter: { batchId: 'B', outcomes: ['FAIL'] } },
      columns: [
        { column: 'serialNumber', name: 'Serial No.' }, { column: 'outcome', name: 'outcome' }, { column: 'failure', name: '=1+1' },
      ],
      measurements: false, csv: { delimiter: ',', decimal: '.', bom: true },
      recipes: ['h'], firmware: ['f00d'], stations: ['L3-07'], appVersions: ['1.2.3'], writtenBy: '1.2.3',
    }); // prettier-ignore
    expect(lines).toBe(3);
    const [header] = readFileSync(file('found.csv'), 'utf8').split('\r\n');
    expect(header).toBe("\uFEFFSerial No.,outcome,unproven,'=1+1");
    await write('found.jsonl', FOUND, 'jsonl');
    const [line = ''] = readFileSync(file('found.jsonl'), 'utf8').split('\n');
    expect(Object.keys(JSON.parse(line) as object)).toEqual(['Serial No.', 'outcome', 'unproven', '=1+1']);
  });

  it('is the same, byte by byte, when the same is asked for again', async () => {
    for (const [name, subject, format] of [
      ['a.csv', BATCH, 'csv'],
      ['a.jsonl', BATCH, 'jsonl'],
      ['f.csv', FOUND, 'csv'],
      ['u.csv', findUnitRuns(database, 'SN7'), 'csv'],
    ] as const) {
      await write(name, subject, format);
      const before = [name, `${name}.manifest.json`].map((one) => readFileSync(file(one)));
      await write(name, subject, format);
      expect([name, `${name}.manifest.json`].map((one) => readFileSync(file(one)))).toEqual(before);
      expect(await verify(name)).toMatchObject({ whole: true, problem: null });
    }
  });

  it('is found to be changed, cut off, renamed or alone, each in a sentence', async () => {
    await write('r.csv');
    const manifest = file('r.csv.manifest.json');
    const [content, text] = [readFileSync(file('r.csv')), readFileSync(manifest, 'utf8')];
    const restore = (): void => {
      for (const name of readdirSync(out)) rmSync(file(name));
      writeFileSync(file('r.csv'), content);
      writeFileSync(manifest, text);
    };
    const bit = Buffer.from(content);
    bit[100] = (bit[100] ?? 0) ^ 1;
    const cases: [string, () => void, string, RegExp][] = [
      ['file-changed', () => writeFileSync(file('r.csv'), bit), 'r.csv', /length is as written/],
      ['file-changed', () => appendFileSync(file('r.csv'), '\r\n'), 'r.csv', /has \d+ bytes/],
      ['file-missing', () => rmSync(file('r.csv')), 'r.csv', /but not the file/],
      ['manifest-missing', () => rmSync(manifest), 'r.csv', /no manifest beside it/],
      ['manifest-changed', () => writeFileSync(manifest, text.replace('"rows": 20', '"rows": 21')), 'r.csv', /was changed/],
      ['manifest-unreadable', () => writeFileSync(manifest, text.slice(0, -40)), 'r.csv', /cut off/],
      ['renamed', () => renameSync(file('r.csv'), file('s.csv')), 's.csv', /written as r\.csv/],
      ['renamed', () => [renameSync(file('r.csv'), file('s.csv')), renameSync(manifest, file('s.csv.manifest.json'))], 's.csv', /written as r\.csv/],
    ]; // prettier-ignore
    for (const [problem, change, name, words] of cases) {
      restore();
      change();
      const verdict = await verify(name);
      expect(verdict).toMatchObject({
        whole: false,
        problem,
        message: expect.stringMatching(words) as string,
      });
      expect(verdict.message).not.toContain('\n');
    }
    restore();
    // The manifest itself may be named, too.
    expect(await verify('r.csv.manifest.json')).toMatchObject({ whole: true, path: file('r.csv') });
    expect((await faultOf(() => verify('nothing.csv'))).code).toBe('file-missing');
    copyFileSync(file('r.csv'), file('alone.txt'));
    expect((await verify('alone.txt')).problem).toBe('renamed');
  });

  it('is refused in a sentence with a manifest that somebody else wrote, whatever is in it', async () => {
    await write('r.csv');
    const whole = readFileSync(file('r.csv.manifest.json'), 'utf8');
    const forge = (change: (text: string) => string): void => {
      const head = change(whole.slice(0, whole.lastIndexOf('  "manifestSha256"')));
      const digest = createHash('sha256').update(head).digest('hex');
      writeFileSync(file('r.csv.manifest.json'), `${head}  "manifestSha256": "${digest}"\n}\n`);
    };
    forge((head) => head);
    expect(await verify('r.csv')).toMatchObject({ whole: true });
    const forgeries: ((head: string) => string)[] = [
      () => '{\n  "schema": "gongwei-report-manifest/1",\n',
      (head) => head.replace('"file": "r.csv"', '"file": 5'),
      (head) => head.replace(/"stations": \[[^\]]*\]/, '"stations": "x"'),
      (head) => head.replace(/"rows": \d+/, '"rows": null'),
      // Doubled: a program may show the first one, this one used the last.
      (head) => head.replace(/"rows": \d+/, '"rows": 1000000,\n  $&'),
    ];
    for (const change of forgeries) {
      forge(change);
      expect(await verify('r.csv')).toMatchObject({ whole: false, problem: 'manifest-unreadable' });
    }
    // What lies beside a file is not its manifest.
    mkdirSync(file('other.csv.manifest.json'));
    writeFileSync(file('alone.csv'), 'x');
    expect(await verify('alone.csv')).toMatchObject({ problem: 'manifest-missing' });
    truncateSync(file('r.csv.manifest.json'), 600 * 1024 * 1024);
    expect(await verify('r.csv')).toMatchObject({ problem: 'manifest-unreadable' });
  });

  it('keeps the manifest of before with the file of before when the file cannot get its name', async () => {
    await write('r.csv');
    const before = readFileSync(file('r.csv.manifest.json'));
    mkdirSync(file('d.csv'));
    writeFileSync(file('d.csv.manifest.json'), before);
    expect((await faultOf(() => write('d.csv'))).code).toBe('file-denied');
    expect(readFileSync(file('d.csv.manifest.json'))).toEqual(before);
    rmSync(file('d.csv.manifest.json'));
    expect((await faultOf(() => write('d.csv'))).code).toBe('file-denied');
    expect(readdirSync(out).sort()).toEqual(['d.csv', 'r.csv', 'r.csv.manifest.json']);
  });

  it('refuses two columns of one name', async () => {
    for (const names of [{ outcome: 'serial number' }, { outcome: 'unproven' }] as const) {
      const subject: ReportSubject = { ...FOUND, names };
      expect((await faultOf(() => write('x.csv', subject))).message).toContain('two columns have the name');
    }
    const steps: ReportSubject = { ...FOUND, names: { outcome: 'steps' } };
    expect((await faultOf(() => write('x.jsonl', steps, 'jsonl'))).code).toBe('bad-input');
    expect(readdirSync(out)).toEqual([]);
  });

  it('of a unit has its runs of all batches, whatever name it is found by', async () => {
    addSampleBatch(database, 'C', 'WO-18');
    const run = { startedAtMs: 1, serialNumber: 'U1', chipId: 'AABBCCDDEE01' };
    addRuns(database, [
      { ...run, runId: 'x1', startedAtMs: 5_000 },
      { ...run, runId: 'x2', batchId: 'C', startedAtMs: 4_000 },
      { ...run, runId: 'x3', startedAtMs: 6_000, serialNumber: null },
      { runId: 'y', startedAtMs: 1, serialNumber: 'U2' },
    ]);
    for (const name of ['U1', 'aa:bb:cc:dd:ee:01', 'AABBCCDDEE01', 'Ｕ１']) {
      expect(findUnitRuns(database, name).runIds).toEqual(['x2', 'x1', 'x3']);
    }
    const { rows } = await write('unit.csv', findUnitRuns(database, 'U1'));
    expect(rows).toBe(3);
    const lines = readFileSync(file('unit.csv'), 'utf8').split('\r\n').slice(1, 4);
    expect(lines.map((line) => line.split(',').slice(0, 2))).toEqual([['x2', 'WO-18'], ['x1', 'WO-17'], ['x3', 'WO-17']]); // prettier-ignore
    expect((await faultOf(() => Promise.resolve(findUnitRuns(database, 'nobody')))).code).toBe('not-found');
  });
});

const PEER = `import hashlib,json,sys
content=open(sys.argv[1],'rb').read()
manifest=json.load(open(sys.argv[1]+'.manifest.json',encoding='utf-8'))
print(json.dumps([manifest,hashlib.sha256(content).hexdigest(),content.count(b'\\r\\n')]))`;
