import { readFileSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ATML_COLLECTION,
  encodeAtmlPart,
  encodeOpenHtf,
} from '../../../../station/results/documents/index.ts';
import { openRunSource } from '../../../../station/results/foreign-runs/index.ts';
import { writeReport } from '../../../../station/results/reports/index.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';
import { runDocument } from '../documents/sample-documents.ts';
import { addAttached, addRuns } from '../reports/sample-batch.ts';
import { canonical, CHEN, CSV, importsOf, TwoStations } from './two-stations.ts';

describe('an import of runs', () => {
  let two: TwoStations;
  beforeEach(() => {
    two = new TwoStations();
  });
  afterEach(() => two[Symbol.asyncDispose]());

  it('takes the runs of another station with steps and measurements, and nothing else of it', async () => {
    two.fill();
    addRuns(two.other, [{ runId: 'running', startedAtMs: 9_000_000, outcome: null }]);
    const report = await two.load('other');
    expect(report).toEqual({
      kind: 'station', name: 'other', sourceId: 'source-1', rows: 14, added: 13, doubles: 0, unfinished: 1, rejectedRows: 0,
      rejected: [], files: 0, filesMissing: 0,
    }); // prettier-ignore
    expect(two.stored()).toEqual(canonical(two.originals()));
    // No run, unit, identity, batch or message of this station.
    expect([two.home.runs.count(), two.home.batches.list(), two.home.runSearch.getLastRow()]).toEqual([
      0,
      [],
      0,
    ]);
    expect(two.home.units.findByChip('AABBCCDDEE01')).toBeNull();
    expect(two.home.outbox.listPending(10)).toEqual([]);
    expect([...two.home.audit.iterate()].at(-1)).toMatchObject({
      action: 'runs.import',
      subject: 'source-1',
      actor: 'Chen',
    });
    expect(two.home.foreignRuns.listSources()).toMatchObject([
      { kind: 'station', name: 'other', runs: 13, importedBy: 'Chen' },
    ]);
    expect([...two.home.findTampering()].filter((found) => found !== null)).toEqual([]);
  });

  it('takes the runs of a backup, which it does not change', async () => {
    two.fill();
    const backup = await two.other.backup('2026-01-01');
    const before = readFileSync(backup);
    two.other.close();
    const source = await openRunSource(backup, { csv: CSV });
    expect(await two.imports.import(source, {}, CHEN, NEVER_ABORTED)).toMatchObject({
      kind: 'station',
      added: 13,
    });
    expect(readFileSync(backup)).toEqual(before);
  });

  it('refuses a database in which a station has not made every table', async () => {
    const db = new Database(two.path('other/station.db'));
    db.exec(
      'CREATE VIEW slow AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n',
    );
    db.close();
    const refused = await faultOf(() => two.load('other'));
    expect([refused.code, refused.message]).toEqual([
      'bad-input',
      expect.stringMatching(/view slow is added$/),
    ]);
  });

  it('takes a run with files as the same run, from a document of before and from one of now', async () => {
    const files = [{ name: 'a.csv', bytes: Buffer.from('1,2') }];
    addAttached(two.other, two.path('.'), { runId: 'attached', startedAtMs: 5, outcome: 'PASS', files });
    const write = async (): Promise<string> => {
      await writeReport(two.other, { kind: 'run', runId: 'attached' }, two.path('now'), {
        format: 'openhtf',
        signal: NEVER_ABORTED,
      });
      return readFileSync(two.path('now'), 'utf8');
    };
    const now = JSON.parse(await write()) as { metadata: { gongwei: { attachments?: unknown } } };
    expect(now.metadata.gongwei.attachments).toHaveLength(1);
    delete now.metadata.gongwei.attachments;
    writeFileSync(two.path('before'), JSON.stringify(now));
    expect(await two.load('before')).toMatchObject({ added: 1 });
    for (const file of ['now', 'other'])
      expect(await two.load(file)).toMatchObject({ added: 0, doubles: 1, rejectedRows: 0 });
  });

  it('takes no run twice, from whichever file, and refuses one with other content', async () => {
    two.fill();
    await two.load('other');
    for (const format of ['atml', 'openhtf'] as const) {
      await writeReport(two.other, { kind: 'batch', batchId: 'B' }, two.path('same'), {
        format,
        signal: NEVER_ABORTED,
      });
      expect(await two.load('same')).toMatchObject({
        kind: format,
        rows: 13,
        added: 0,
        doubles: 13,
        rejectedRows: 0,
      });
    }
    const [first] = two.originals();
    if (first === undefined) throw new Error('no run');
    const changed = encodeOpenHtf({ ...first, operator: 'someone else' });
    expect(await two.loadText(changed)).toMatchObject({
      added: 0,
      rejected: [{ line: 1, reason: 'the run r000000000 is here already, with other content' }],
    });
    expect(two.home.foreignRuns.listSources()).toHaveLength(1);
  });

  it('knows the runs of this station itself', async () => {
    two.fill();
    const own = importsOf(two.other);
    await writeReport(two.other, { kind: 'batch', batchId: 'B' }, two.path('own.xml'), {
      format: 'atml',
      signal: NEVER_ABORTED,
    });
    const source = await openRunSource(two.path('own.xml'), { csv: CSV });
    expect(await own.import(source, {}, CHEN, NEVER_ABORTED)).toMatchObject({
      added: 0,
      doubles: 13,
      rejectedRows: 0,
    });
  });

  it('says what is wrong in which line, and imports nothing then', async () => {
    two.fill();
    const good = two.originals().slice(0, 2).map(encodeOpenHtf);
    const text = [good[0], '{"dut_id":"x","phases":[]}\n', 'no json\n', good[1]].join('');
    const refused = await two.loadText(text, {}, { kind: 'openhtf' });
    expect(refused).toMatchObject({ rows: 4, added: 0, rejectedRows: 2, sourceId: null });
    expect(refused.rejected).toEqual([
      { line: 2, reason: 'start_time_millis is no time' },
      { line: 3, reason: 'it is no JSON' },
    ]);
    expect([two.stored(), two.home.foreignRuns.listSources()]).toEqual([[], []]);
    expect(await two.loadText(text, { skipBad: true }, { kind: 'openhtf' })).toMatchObject({
      added: 2,
      rejectedRows: 2,
    });
    expect(two.stored()).toHaveLength(2);
    const damaged = `${ATML_COLLECTION.head}${encodeAtmlPart(runDocument())}<trc:TestResults>`;
    expect((await two.loadText(damaged)).rejected[0]?.reason).toMatch(/no XML/);
    const bomb = '<!DOCTYPE a [<!ENTITY x "y">]><TestResults>&x;</TestResults>';
    expect((await two.loadText(bomb)).rejected[0]?.reason).toMatch(/document type/);
    const deep = '<a>'.repeat(100_000);
    expect((await two.loadText(deep)).rejected[0]?.reason).toMatch(/deep/);
  });

  it('changes nothing in a dry run, and tells as much as an import', async () => {
    two.fill();
    expect(await two.load('other', { dryRun: true })).toMatchObject({ sourceId: null, rows: 13, added: 13 });
    expect([two.stored(), [...two.home.audit.iterate()]]).toEqual([[], []]);
  });

  it('leaves nothing that is seen when it is cancelled, and the next import removes the rest', async () => {
    two.fill();
    const aborting = new AbortController();
    const source = await openRunSource(two.path('other'), { csv: CSV });
    const onProgress = (stage: string): void => {
      if (stage === 'writing') aborting.abort();
    };
    const cancelled = await faultOf(() => two.imports.import(source, { onProgress }, CHEN, aborting.signal));
    expect([cancelled.code, two.stored(), two.home.foreignRuns.listIncomplete()]).toEqual([
      'cancelled',
      [],
      [],
    ]);
    // One that was killed.
    two.home.transaction(() => {
      two.home.foreignRuns.addSource({
        sourceId: 'killed',
        kind: 'csv',
        name: 'x',
        runs: 0,
        startedAtMs: 1,
        importedBy: 'Li',
      });
    });
    expect(two.home.foreignRuns.listIncomplete()).toEqual(['killed']);
    await two.load('other');
    expect([two.home.foreignRuns.listIncomplete(), two.stored().length]).toEqual([[], 13]);
  });

  it('keeps what it took: no row of a complete import can be changed or removed', async () => {
    two.fill();
    const { sourceId } = await two.load('other');
    expect(() => two.home.transaction(() => two.home.foreignRuns.removeSome(sourceId ?? '', 5))).toThrow(
      /never removed/,
    );
  });
});
