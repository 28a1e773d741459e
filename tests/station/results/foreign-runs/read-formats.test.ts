import { appendFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ATML_COLLECTION,
  encodeAtml,
  encodeAtmlPart,
  encodeOpenHtf,
  type RunDocument,
} from '../../../../station/results/documents/index.ts';
import type { CsvRunOptions } from '../../../../station/results/foreign-runs/index.ts';
import { type ReportSubject, writeReport } from '../../../../station/results/reports/index.ts';
import { depth } from '../../../support/depth.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';
import { anyRunDocument, runDocument } from '../documents/sample-documents.ts';
import { canonical, CSV, TwoStations } from './two-stations.ts';

describe('runs of files', () => {
  let two: TwoStations;
  beforeEach(() => {
    two = new TwoStations();
  });
  afterEach(() => two[Symbol.asyncDispose]());

  it('reads again what Gongwei wrote, with equal records', async () => {
    const written = [runDocument(), ...fc.sample(anyRunDocument, { numRuns: depth({ short: 30, long: 400 }) })]
      .map((run, n) => ({ ...run, runId: `run-${n}`, startedAtMs: n, finishedAtMs: n + 1 }));
    const read = async (text: string): Promise<unknown[]> => {
      const found: unknown[] = [];
      await two.loadText(text, { dryRun: true, onNew: (row) => found.push(JSON.parse(row.record)) });
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
    const report = await two.loadText(xml, { dryRun: true, onNew: (row) => found.push(JSON.parse(row.record)) });
    expect(report).toMatchObject({ kind: 'atml', added: runs.length, rejectedRows: 0 });
    expect(found).toEqual(canonical(runs));
  }); // prettier-ignore

  it('reads JSON Lines and CSV that Gongwei wrote, as far as they tell', async () => {
    two.fill();
    const subject: ReportSubject = { kind: 'batch', batchId: 'B' };
    await writeReport(two.other, subject, two.path('r.jsonl'), { format: 'jsonl', signal: NEVER_ABORTED });
    expect(await two.load('r.jsonl')).toMatchObject({ kind: 'jsonl', added: 13, rejectedRows: 0 });
    expect(two.stored()).toEqual(canonical(two.originals()));
    // They are the runs of the database, too.
    expect(await two.load('other')).toMatchObject({
      kind: 'station',
      added: 0,
      doubles: 13,
      rejectedRows: 0,
    });
    await writeReport(two.other, subject, two.path('r.csv'), { format: 'csv', signal: NEVER_ABORTED });
    const rows: RunDocument[] = [];
    const csv = await two.load('r.csv', {
      dryRun: true,
      skipBad: true,
      onNew: (row) => rows.push(JSON.parse(row.record) as RunDocument),
    });
    // The same ids, with less content than the JSON Lines had.
    expect(csv).toMatchObject({ kind: 'csv', rows: 13, rejectedRows: 13 });
    expect(csv.rejected[0]?.reason).toMatch(/with other content/);
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
    const report = await two.loadText(text, { skipBad: true }, { csv });
    expect(report).toMatchObject({ kind: 'csv', rows: 6, added: 2, doubles: 1, rejectedRows: 3 });
    expect(report.rejected).toEqual([
      // The clocks went forward at two.
      { line: 6, reason: 'started is no time of the given form: 29.03.2026 02:30:00' },
      { line: 7, reason: 'no such outcome: vielleicht' },
      { line: 8, reason: 'started is no time of the given form: 30.02.2026 10:00:00' },
    ]);
    const runs = two.stored() as RunDocument[];
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
    expect(await faultOf(() => two.loadText('a,b\n1,2\n', {}, { kind: 'csv' }))).toMatchObject({
      code: 'csv-invalid',
    });
    const unknown = { ...CSV, map: { outcome: 'x' } };
    expect(
      (await faultOf(() => two.loadText('outcome,started\nPASS,2026-01-01\n', {}, { csv: unknown }))).message,
    ).toMatch(/no column x/);
    expect((await faultOf(() => two.load('home/nothing'))).code).toBe('file-missing');
    expect((await faultOf(() => two.load('.'))).code).toBe('not-found');
  });

  it('reads documents of other programs', async () => {
    appendFileSync(two.path('other.xml'), TESTSTAND);
    expect(await two.load('other.xml')).toMatchObject({ kind: 'atml', rows: 1, added: 1, rejectedRows: 0 });
    expect(two.stored()).toMatchObject([
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
    writeFileSync(two.path('htf.json'), JSON.stringify(OPENHTF, null, 2));
    expect(await two.load('htf.json')).toMatchObject({ kind: 'openhtf', rows: 1, added: 1, rejectedRows: 0 });
    expect(two.stored().at(-1)).toMatchObject({ station: 'NITEST-PC' });
    expect(two.stored()[0]).toMatchObject({
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
