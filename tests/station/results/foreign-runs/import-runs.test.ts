import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAuditTrail } from '../../../../station/core/audit-log/index.ts';
import { openStationDatabase, type WritableDatabase } from '../../../../station/core/database/index.ts';
import {
  ATML_COLLECTION,
  canonicalJson,
  encodeAtml,
  encodeAtmlPart,
  encodeOpenHtf,
  readNames,
  type RunDocument,
  toRunDocument,
} from '../../../../station/results/documents/index.ts';
import {
  type CsvRunOptions,
  ForeignRuns,
  openRunSource,
  type RunImportOptions,
} from '../../../../station/results/foreign-runs/index.ts';
import { type ReportSubject, writeReport } from '../../../../station/results/reports/index.ts';
import type { ForeignKind } from '../../../../shared/domain/foreign-run.ts';
import { depth } from '../../../support/depth.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { anyRunDocument, runDocument } from '../documents/sample-documents.ts';
import { addRuns, addSampleBatch, manyRuns } from '../reports/sample-batch.ts';

const CSV: CsvRunOptions = {
  map: {},
  values: [],
  time: { format: 'iso', zone: 'UTC' },
  decimal: '.',
  station: '',
  batch: '',
};

describe('an import of runs', () => {
  let dir: ReturnType<typeof tempDir>;
  let home: WritableDatabase;
  let other: WritableDatabase;
  let foreign: ForeignRuns;
  beforeEach(() => {
    dir = tempDir('foreign');
    home = openStationDatabase(join(dir.path, 'home'));
    other = openStationDatabase(join(dir.path, 'other'));
    addSampleBatch(other);
    const clock = manualClock(5_000_000);
    let ids = 0;
    const random = { id: () => `source-${(ids += 1)}` };
    foreign = new ForeignRuns({
      database: home,
      platform: { clock, random } as never,
      audit: createAuditTrail(home, clock),
    });
  });
  afterEach(async () => {
    await foreign.close();
    home.close();
    other.close();
    dir[Symbol.dispose]();
  });

  const path = (name: string): string => join(dir.path, name);
  const chen = { user: 'Chen', role: 'engineer' } as const;
  const load = async (
    name: string,
    options: RunImportOptions = {},
    {
      kind,
      csv = CSV,
      signal = NEVER_ABORTED,
    }: { kind?: ForeignKind; csv?: CsvRunOptions; signal?: AbortSignal } = {},
  ) => foreign.import(await openRunSource(path(name), { kind, csv }), options, chen, signal);
  const loadText = (
    text: string,
    ...rest: [RunImportOptions?, { kind?: ForeignKind; csv?: CsvRunOptions }?]
  ) => {
    writeFileSync(path('runs.txt'), text);
    return load('runs.txt', ...rest);
  };
  const stored = (): unknown[] =>
    home.foreignRuns
      .find({}, null, 1000)
      .map(({ record }) => JSON.parse(record) as unknown)
      .reverse();
  /** All runs of the other station as documents. */
  const originals = (): RunDocument[] =>
    other.runSearch
      .find({ limit: 1000 })
      .map((run) =>
        toRunDocument(
          {
            run,
            steps: other.runs.listSteps(run.runId),
            measurements: other.runs.listMeasurements(run.runId),
          },
          readNames(other),
        ),
      )
      .filter((run) => run !== null)
      .sort((a, b) => a.startedAtMs - b.startedAtMs);
  const canonical = (runs: readonly RunDocument[]): unknown[] =>
    runs.map((run) => JSON.parse(canonicalJson(run)) as unknown);

  const fill = (): void => {
    addRuns(other, [
      ...manyRuns(12),
      {
        runId: 'odd',
        serialNumber: '=1+1',
        chipId: 'AABBCCDDEE01',
        startedAtMs: 2_000_000,
        outcome: 'FAIL',
        proof: { readBack: 'name', online: 'none', unproven: true },
        failure: { message: 'a\tb', hint: 'Look.', details: { measurement: 'rssi', value: 3, none: null } },
        operator: '王',
        steps: [
          { step: 'radio', outcome: 'FAIL', measured: [{ name: 'rssi', value: -91.5, unit: 'dBm', low: -80, high: 0, outcome: 'FAIL' }] },
          { step: 'radio', attempt: 2, measured: [{ name: 'ready', value: true }, { name: 'state', value: 'O"K]]>' }] },
        ],
      },
    ]);
  }; // prettier-ignore

  it('takes the runs of another station with steps and measurements, and nothing else of it', async () => {
    fill();
    addRuns(other, [{ runId: 'running', startedAtMs: 9_000_000, outcome: null }]);
    const report = await load('other');
    expect(report).toEqual({
      kind: 'station', name: 'other', sourceId: 'source-1', rows: 14, added: 13, doubles: 0, unfinished: 1, rejectedRows: 0,
      rejected: [],
    }); // prettier-ignore
    expect(stored()).toEqual(canonical(originals()));
    // No run, unit, identity, batch or message of this station.
    expect([home.runs.count(), home.batches.list(), home.runSearch.getLastRow()]).toEqual([0, [], 0]);
    expect(home.units.findByChip('AABBCCDDEE01')).toBeNull();
    expect(home.outbox.listPending(10)).toEqual([]);
    expect([...home.audit.iterate()].at(-1)).toMatchObject({
      action: 'runs.import',
      subject: 'source-1',
      actor: 'Chen',
    });
    expect(home.foreignRuns.listSources()).toMatchObject([
      { kind: 'station', name: 'other', runs: 13, importedBy: 'Chen' },
    ]);
    expect([...home.findTampering()].filter((found) => found !== null)).toEqual([]);
  });

  it('takes no run twice, from whichever file, and refuses one with other content', async () => {
    fill();
    await load('other');
    for (const format of ['atml', 'openhtf'] as const) {
      await writeReport(other, { kind: 'batch', batchId: 'B' }, path('same'), {
        format,
        signal: NEVER_ABORTED,
      });
      expect(await load('same')).toMatchObject({
        kind: format,
        rows: 13,
        added: 0,
        doubles: 13,
        rejectedRows: 0,
      });
    }
    const [first] = originals();
    if (first === undefined) throw new Error('no run');
    const changed = encodeOpenHtf({ ...first, operator: 'someone else' });
    expect(await loadText(changed)).toMatchObject({
      added: 0,
      rejected: [{ line: 1, reason: 'the run r000000000 is here already, with other content' }],
    });
    expect(home.foreignRuns.listSources()).toHaveLength(1);
  });

  it('knows the runs of this station itself', async () => {
    fill();
    const own = new ForeignRuns({
      database: other,
      platform: { clock: manualClock(), random: { id: () => 's' } } as never,
      audit: createAuditTrail(other, manualClock()),
    });
    await writeReport(other, { kind: 'batch', batchId: 'B' }, path('own.xml'), {
      format: 'atml',
      signal: NEVER_ABORTED,
    });
    const source = await openRunSource(path('own.xml'), { csv: CSV });
    expect(await own.import(source, {}, chen, NEVER_ABORTED)).toMatchObject({
      added: 0,
      doubles: 13,
      rejectedRows: 0,
    });
  });

  it('reads again what Gongwei wrote, with equal records', async () => {
    const written = [runDocument(), ...fc.sample(anyRunDocument, { numRuns: depth({ short: 30, long: 400 }) })]
      .map((run, n) => ({ ...run, runId: `run-${n}`, startedAtMs: n, finishedAtMs: n + 1 }));
    const read = async (text: string): Promise<unknown[]> => {
      const found: unknown[] = [];
      await loadText(text, { dryRun: true, onNew: (row) => found.push(JSON.parse(row.record)) });
      return found;
    };
    expect(await read(written.map(encodeOpenHtf).join(''))).toEqual(canonical(written));
    expect(await read(encodeAtml(runDocument()))).toEqual(canonical([runDocument()]));
  }); // prettier-ignore

  it('reads ATML again with equal records, whatever XML can contain', async () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }).filter((one) => one.trim() === one && one !== 'unknown' && !one.includes('/'));
    const runs = fc.sample(fc.tuple(text, text, text, text), depth({ short: 30, long: 300 })).map(([a, b, c, d], n) => {
      const base = runDocument();
      return {
        ...base,
        runId: `run-${n}`, serialNumber: a, operator: b, station: c, deviceName: d, batch: a,
        recipe: { hash: b, name: c, version: d },
        steps: base.steps.map((step) => ({ ...step, step: a, phase: b, measurements: step.measurements.map((one) => ({ ...one, name: c, unit: d, limits: '' , value: typeof one.value === 'string' ? `${a}\r\n\t<${b}]]>` : one.value })) })),
      };
    });
    const found: unknown[] = [];
    const xml = `${ATML_COLLECTION.head}${runs.map(encodeAtmlPart).join('')}${ATML_COLLECTION.tail}`;
    const report = await loadText(xml, { dryRun: true, onNew: (row) => found.push(JSON.parse(row.record)) });
    expect(report).toMatchObject({ kind: 'atml', added: runs.length, rejectedRows: 0 });
    expect(found).toEqual(canonical(runs));
  }); // prettier-ignore

  it('reads JSON Lines and CSV that Gongwei wrote, as far as they tell', async () => {
    fill();
    const subject: ReportSubject = { kind: 'batch', batchId: 'B' };
    await writeReport(other, subject, path('r.jsonl'), { format: 'jsonl', signal: NEVER_ABORTED });
    expect(await load('r.jsonl')).toMatchObject({ kind: 'jsonl', added: 13, rejectedRows: 0 });
    const told = canonical(originals()) as { recipe: object }[];
    expect(stored()).toEqual(told.map((run) => ({ ...run, recipe: { hash: 'h', name: '', version: '' } })));
    await writeReport(other, subject, path('r.csv'), { format: 'csv', signal: NEVER_ABORTED });
    const rows: RunDocument[] = [];
    const csv = await load('r.csv', {
      dryRun: true,
      skipBad: true,
      onNew: (row) => rows.push(JSON.parse(row.record) as RunDocument),
    });
    // The same ids, with less content than the JSON Lines had.
    expect(csv).toMatchObject({ kind: 'csv', rows: 13, rejectedRows: 13 });
    expect(csv.rejected[0]?.reason).toMatch(/with other content/);
  });

  it('says what is wrong in which line, and imports nothing then', async () => {
    fill();
    const good = originals().slice(0, 2).map(encodeOpenHtf);
    const text = [good[0], '{"dut_id":"x","phases":[]}\n', 'no json\n', good[1]].join('');
    const refused = await loadText(text, {}, { kind: 'openhtf' });
    expect(refused).toMatchObject({ rows: 4, added: 0, rejectedRows: 2, sourceId: null });
    expect(refused.rejected).toEqual([
      { line: 2, reason: 'start_time_millis is no time' },
      { line: 3, reason: 'it is no JSON' },
    ]);
    expect([stored(), home.foreignRuns.listSources()]).toEqual([[], []]);
    expect(await loadText(text, { skipBad: true }, { kind: 'openhtf' })).toMatchObject({
      added: 2,
      rejectedRows: 2,
    });
    expect(stored()).toHaveLength(2);
    const damaged = `${ATML_COLLECTION.head}${encodeAtmlPart(runDocument())}<trc:TestResults>`;
    expect((await loadText(damaged)).rejected[0]?.reason).toMatch(/no XML/);
    const bomb = '<!DOCTYPE a [<!ENTITY x "y">]><TestResults>&x;</TestResults>';
    expect((await loadText(bomb)).rejected[0]?.reason).toMatch(/document type/);
    const deep = '<a>'.repeat(100_000);
    expect((await loadText(deep)).rejected[0]?.reason).toMatch(/deep/);
  });

  it('changes nothing in a dry run, and tells as much as an import', async () => {
    fill();
    expect(await load('other', { dryRun: true })).toMatchObject({ sourceId: null, rows: 13, added: 13 });
    expect([stored(), [...home.audit.iterate()]]).toEqual([[], []]);
  });

  it('leaves nothing that is seen when it is cancelled, and the next import removes the rest', async () => {
    fill();
    const aborting = new AbortController();
    const source = await openRunSource(path('other'), { csv: CSV });
    const onProgress = (stage: string): void => {
      if (stage === 'writing') aborting.abort();
    };
    const cancelled = await faultOf(() => foreign.import(source, { onProgress }, chen, aborting.signal));
    expect([cancelled.code, stored(), home.foreignRuns.listIncomplete()]).toEqual(['cancelled', [], []]);
    // One that was killed.
    home.transaction(() => {
      home.foreignRuns.addSource({
        sourceId: 'killed',
        kind: 'csv',
        name: 'x',
        runs: 0,
        startedAtMs: 1,
        importedBy: 'Li',
      });
    });
    expect(home.foreignRuns.listIncomplete()).toEqual(['killed']);
    await load('other');
    expect([home.foreignRuns.listIncomplete(), stored().length]).toEqual([[], 13]);
  });

  it('keeps what it took: no row of a complete import can be changed or removed', async () => {
    fill();
    const { sourceId } = await load('other');
    expect(() => home.transaction(() => home.foreignRuns.removeSome(sourceId ?? '', 5))).toThrow(
      /never removed/,
    );
  });

  it('reads foreign CSV by a map of its columns, with values, units and times of a zone', async () => {
    const text = [
      'Report of line 3', '',
      'SN;Ergebnis;Datum;Tester;Vbat;Strom [mA];Version',
      'A1;OK;29.03.2026 03:30:00;Li;3,31;12;1.0',
      'A2;NG;29.03.2026 14:00:05;Li;2,9;;1.0',
      'A3;OK;29.03.2026 02:30:00;Li;3,3;1;1.0',
      'A4;vielleicht;30.03.2026 10:00:00;Li;3,3;1;1.0',
      'A5;OK;30.02.2026 10:00:00;Li;3,3;1;1.0',
      'A1;OK;29.03.2026 03:30:00;Li;3,31;12;1.0',
    ].join('\r\n'); // prettier-ignore
    const csv: CsvRunOptions = {
      ...CSV,
      map: { serial: 'SN', outcome: 'Ergebnis', started: 'Datum', operator: 'Tester' },
      values: ['Vbat:V', 'Strom [mA]', '#7'],
      time: { format: 'dd.MM.yyyy HH:mm:ss', zone: 'Europe/Berlin' },
      decimal: ',',
      station: 'line 3',
      batch: 'WO-9',
    };
    const report = await loadText(text, { skipBad: true }, { csv });
    expect(report).toMatchObject({ kind: 'csv', rows: 6, added: 2, doubles: 1, rejectedRows: 3 });
    expect(report.rejected).toEqual([
      // The clocks went forward at two.
      { line: 6, reason: 'started is no time of the given form: 29.03.2026 02:30:00' },
      { line: 7, reason: 'outcome is none: vielleicht' },
      { line: 8, reason: 'started is no time of the given form: 30.02.2026 10:00:00' },
    ]);
    const runs = stored() as RunDocument[];
    expect(
      runs.map(({ serialNumber, outcome, startedAtMs }) => [
        serialNumber,
        outcome,
        new Date(startedAtMs).toISOString(),
      ]),
    ).toEqual([
      ['A1', 'PASS', '2026-03-29T01:30:00.000Z'],
      ['A2', 'FAIL', '2026-03-29T12:00:05.000Z'],
    ]);
    expect(runs[0]).toMatchObject({ station: 'line 3', batch: 'WO-9', operator: 'Li' });
    expect(runs[0]?.steps[0]?.measurements.map(({ name, value, unit }) => [name, value, unit])).toEqual([
      ['Vbat', 3.31, 'V'],
      ['Strom', 12, 'mA'],
      ['Version', 1, null],
    ]);
    expect(runs[0]?.runId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('asks for the columns that it cannot find', async () => {
    expect(await faultOf(() => loadText('a,b\n1,2\n', {}, { kind: 'csv' }))).toMatchObject({
      code: 'csv-invalid',
    });
    const unknown = { ...CSV, map: { outcome: 'x' } };
    expect(
      (await faultOf(() => loadText('outcome,started\nPASS,2026-01-01\n', {}, { csv: unknown }))).message,
    ).toMatch(/no column x/);
    expect((await faultOf(() => load('home/nothing'))).code).toBe('file-missing');
    expect((await faultOf(() => load('.'))).code).toBe('not-found');
  });

  it('reads documents of other programs', async () => {
    appendFileSync(path('other.xml'), TESTSTAND);
    expect(await load('other.xml')).toMatchObject({ kind: 'atml', rows: 1, added: 1, rejectedRows: 0 });
    expect(stored()).toMatchObject([
      {
        station: 'NITEST-PC', serialNumber: 'SN-77', operator: 'administrator', outcome: 'FAIL', productId: 'PN-1',
        steps: [
          { phase: 'MainSequence', step: 'Power On', outcome: 'PASS', measurements: [] },
          {
            phase: 'MainSequence', step: 'Voltage', outcome: 'FAIL',
            measurements: [{ name: 'Numeric', value: 12.5, unit: 'V', low: 9, high: 11, limits: '≥ 9, ≤ 11', outcome: 'FAIL' }],
          },
        ],
      },
    ]); // prettier-ignore
    writeFileSync(path('htf.json'), JSON.stringify(OPENHTF, null, 2));
    expect(await load('htf.json')).toMatchObject({ kind: 'openhtf', rows: 1, added: 1, rejectedRows: 0 });
    expect(stored().at(-1)).toMatchObject({ station: 'NITEST-PC' });
    expect(stored()[0]).toMatchObject({
      serialNumber: 'TestDUT', station: 'bench-4', outcome: 'FAIL', recipe: { name: 'MyTest', version: '1.0.0' },
      steps: [
        { step: 'hello_world', outcome: 'PASS', measurements: [{ name: 'widget_type', value: 'TestWidget' }, { name: 'widget_size', value: 3, low: 1, high: 4 }] },
        { step: 'sweep', measurements: [
          { name: 'dimensions', value: 2, at: [{ name: 'hertz', value: 1, unit: 'Hz' }] },
          { name: 'dimensions', value: 4, at: [{ name: 'hertz', value: 2, unit: 'Hz' }] },
        ] },
      ],
    }); // prettier-ignore
  });
});

/** In the form of documents that TestStand writes (ATML 6.01), shortened; the values are ours. */
const TESTSTAND = `<?xml version="1.0" encoding="UTF-8"?>
<trc:TestResultsCollection xmlns:trc="urn:IEEE-1636.1:2013:TestResultsCollection" xmlns:tr="urn:IEEE-1636.1:2013:TestResults"
  xmlns:c="urn:IEEE-1671:2010:Common" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:ts="www.ni.com/TestStand/ATMLTestResults/3.0">
<trc:TestResults uuid="5b360926-7191-11e9-9276-9822efe210a8">
  <tr:Personnel><tr:SystemOperator ID="1" name="administrator"/></tr:Personnel>
  <tr:ResultSet ID="1" name="MainSequence" startDateTime="2026-03-01T10:00:00" endDateTime="2026-03-01T10:00:09.5">
    <tr:Outcome value="Failed"/>
    <tr:TestGroup ID="2" name="MainSequence" startDateTime="2026-03-01T10:00:00"><tr:Outcome value="Failed"/>
      <tr:SessionAction ID="3" name="Power On" startDateTime="2026-03-01T10:00:01"><tr:ActionOutcome value="Done"/></tr:SessionAction>
      <tr:Test ID="4" name="Skipped" startDateTime="2026-03-01T10:00:01"><tr:Outcome value="NotStarted" qualifier="Skipped"/></tr:Test>
      <tr:Test ID="5" name="Voltage" startDateTime="2026-03-01T10:00:02" endDateTime="2026-03-01T10:00:03">
        <tr:Extension><ts:TSStepProperties><ts:StepType>NumericLimitTest</ts:StepType></ts:TSStepProperties></tr:Extension>
        <tr:Outcome value="Failed"/>
        <tr:TestResult ID="6" name="Numeric">
          <tr:TestData><c:Datum xsi:type="ts:TS_double" nonStandardUnit="V" value="12.5" flags="0x0"/></tr:TestData>
          <tr:TestLimits><tr:Limits><c:LimitPair operator="AND">
            <c:Limit comparator="GE"><c:Datum xsi:type="ts:TS_double" value="9"/></c:Limit>
            <c:Limit comparator="LE"><c:Datum xsi:type="ts:TS_double" value="11"/></c:Limit>
          </c:LimitPair></tr:Limits></tr:TestLimits>
        </tr:TestResult>
        <tr:TestResult ID="7" name="ReportText"/>
      </tr:Test>
    </tr:TestGroup>
  </tr:ResultSet>
  <tr:TestStation><c:SerialNumber>NITEST-PC</c:SerialNumber></tr:TestStation>
  <tr:UUT><c:Definition><c:Identification><c:ModelName>m</c:ModelName><c:IdentificationNumbers>
    <c:IdentificationNumber number="PN-1" type="Part" qualifier="PartNumber"/></c:IdentificationNumbers></c:Identification></c:Definition>
    <c:SerialNumber>SN-77</c:SerialNumber></tr:UUT>
</trc:TestResults></trc:TestResultsCollection>`;

/** In the form of test/output/callbacks/record.json of OpenHTF, shortened. */
const OPENHTF = {
  code_info: { docstring: null, name: '', sourcecode: '' },
  dut_id: 'TestDUT',
  end_time_millis: 1489517501549,
  log_records: [],
  metadata: { config: {}, test_name: 'MyTest', test_version: '1.0.0' },
  outcome: 'FAIL',
  outcome_details: [],
  phases: [
    {
      attachments: {},
      end_time_millis: 1489517498467,
      measurements: {
        unset: { name: 'unset', outcome: 'UNSET' },
        widget_type: { measured_value: 'TestWidget', name: 'widget_type', outcome: 'PASS', validators: ["'x' matches /.*Widget$/"] },
        widget_size: { measured_value: 3, name: 'widget_size', outcome: 'PASS', validators: ['1 <= x <= 4'] },
      },
      name: 'hello_world',
      result: { phase_result: 'CONTINUE' },
      start_time_millis: 1489517497564,
    },
    {
      attachments: {},
      end_time_millis: 1489517501523,
      measurements: {
        dimensions: {
          dimensions: [{ code: 'HTZ', name: 'hertz', suffix: 'Hz' }],
          measured_value: [[1, 2], [2, 4]],
          name: 'dimensions',
          outcome: 'PASS',
        },
      },
      name: 'sweep',
      result: { phase_result: 'CONTINUE' },
      start_time_millis: 1489517501522,
    },
  ],
  start_time_millis: 1489517497562,
  station_id: 'bench-4',
}; // prettier-ignore
