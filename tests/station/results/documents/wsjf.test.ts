import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeWsjf, type RunDocument } from '../../../../station/results/documents/index.ts';
import { depth } from '../../../support/depth.ts';
import { anyRunDocument, measurement, runDocument, step } from './sample-documents.ts';

/**
 * The fields of a UUT report, as the two published examples of Virinco have them ("WATS - WSJF UUT Example file" and "… Bare
 * Minimum", in the repository olreppe/pyWATS).
 */
const REPORT = [
  'type', 'id', 'pn', 'sn', 'rev', 'productName', 'processCode', 'processName', 'result', 'machineName', 'location', 'purpose',
  'start', 'startUTC', 'root', 'uut', 'miscInfos', 'subUnits', 'additionalData',
]; // prettier-ignore
const STEP = [
  'id', 'group', 'stepType', 'name', 'status', 'totTime', 'causedUUTFailure', 'reportText', 'steps', 'seqCall', 'numericMeas',
  'booleanMeas', 'stringMeas',
]; // prettier-ignore
const UUT = [
  'execTime', 'testSocketIndex', 'batchSN', 'comment', 'errorCode', 'errorMessage', 'fixtureId', 'user', 'batchFailCount',
  'batchLoopIndex', 'stepIdCausedUUTFailure',
]; // prettier-ignore
const MEASURES: Readonly<Record<string, readonly string[]>> = {
  numericMeas: ['compOp', 'name', 'status', 'unit', 'value', 'highLimit', 'lowLimit'],
  booleanMeas: ['name', 'status'],
  stringMeas: ['compOp', 'name', 'status', 'value', 'limit'],
};
const COMPARISONS = ['LOG', 'EQ', 'GE', 'GT', 'LE', 'LT', 'GELE', 'GELT', 'GTLE', 'GTLT', 'CASESENSIT'];

interface Step {
  readonly [key: string]: unknown;
  readonly id: number;
  readonly name: string;
  readonly stepType: string;
  readonly status: string;
  readonly steps?: readonly Step[];
  readonly numericMeas?: readonly Record<string, unknown>[];
}
interface Report {
  readonly [key: string]: unknown;
  readonly root: Step;
  readonly uut: Record<string, unknown>;
}

const encoded = (run: RunDocument): Report => JSON.parse(encodeWsjf(run)) as Report;
const all = (one: Step): Step[] => [one, ...(one.steps ?? []).flatMap(all)];
const named = (report: Report, name: string): Step | undefined =>
  all(report.root).find((one) => one.name === name);

function expectFields(report: Report): void {
  expect(REPORT).toEqual(expect.arrayContaining(Object.keys(report)));
  expect(Object.keys(report.uut).sort()).toEqual([...UUT].sort());
  const steps = all(report.root);
  expect(steps.map(({ id }) => id)).toEqual(steps.map((_, index) => index));
  for (const one of steps) {
    expect(STEP).toEqual(expect.arrayContaining(Object.keys(one)));
    expect(['P', 'F', 'E', 'T']).toContain(one.status);
    expect(['SequenceCall', 'Action', 'ET_NLT', 'ET_PFT', 'ET_SVT']).toContain(one.stepType);
    expect(one.name).not.toBe('');
    for (const [key, fields] of Object.entries(MEASURES)) {
      for (const measured of (one[key] ?? []) as readonly Record<string, unknown>[]) {
        expect(Object.keys(measured).sort()).toEqual([...fields].sort());
        if ('compOp' in measured) expect(COMPARISONS).toContain(measured['compOp']);
      }
    }
  }
}

describe('a run as WATS Standard JSON', () => {
  it('has the published fields, ids in the order of steps, and nothing else', () => {
    const report = encoded(runDocument());
    expectFields(report);
    expect(report).toMatchObject({
      type: 'T',
      id: '0190b2f4-6c1e-7a3b-9c4d-5e6f7a8b9c0d',
      pn: 'PROD1',
      sn: '000123',
      processCode: 10,
      result: 'F',
      machineName: 'L3-07',
      start: '2023-11-14T22:13:20.000+00:00',
      startUTC: '2023-11-14T22:13:20.000Z',
      uut: {
        execTime: 5.5,
        testSocketIndex: 2,
        batchSN: 'WO-17',
        user: '王',
        errorMessage: 'limit-exceeded: count is 6',
      },
    });
    for (const run of fc.sample(anyRunDocument, { numRuns: depth({ short: 40, long: 500 }) }))
      expectFields(encoded(run));
  });

  it('names the step that failed, counts no retry as a failure, and no error of the station as one of the unit', () => {
    const report = encoded(runDocument());
    expect(report.root.steps?.map(({ name, status }) => [name, status])).toEqual([
      ['setup', 'P'],
      ['main', 'F'],
      ['teardown', 'E'],
    ]);
    const culprit = all(report.root).filter((one) => one['causedUUTFailure'] === true);
    expect(culprit.map(({ id, name }) => [id, name])).toEqual([
      [report.uut['stepIdCausedUUTFailure'], 'reply'],
    ]);
    expect(encoded(runDocument({ outcome: 'TIMEOUT' }))['result']).toBe('E');
    expect(encoded(runDocument({ outcome: 'ABORTED' }))['result']).toBe('T');
    const passing = encoded(
      runDocument({ outcome: 'PASS', failure: null, steps: runDocument().steps.slice(2, 4) }),
    );
    expect([passing['result'], passing.root.steps?.[0]?.status]).toEqual(['P', 'P']);
  });

  it('compares as the recipe does', () => {
    const report = encoded(runDocument());
    expect(named(report, 'voltage')?.numericMeas).toEqual([
      { compOp: 'GELE', lowLimit: 3.1, highLimit: 3.5, name: null, status: 'P', unit: 'V', value: 3.3 },
    ]);
    expect(named(report, 'current')?.numericMeas).toMatchObject([{ compOp: 'GTLT', value: 1e21 }]);
    // As Virinco writes it: one limit alone is the low one.
    expect(named(report, 'ripple')?.numericMeas).toMatchObject([
      { compOp: 'LE', lowLimit: 0.5, highLimit: null },
    ]);
    expect(named(report, 'free')?.numericMeas).toMatchObject([{ compOp: 'LOG', unit: '' }]);
    expect(named(report, 'count')?.numericMeas).toMatchObject([{ compOp: 'EQ', lowLimit: 5, status: 'F' }]);
    expect(named(report, 'state')?.['stringMeas']).toMatchObject([
      { compOp: 'CASESENSIT', value: 'OK', limit: 'OK' },
    ]);
    expect(named(report, 'ready')).toMatchObject({
      stepType: 'ET_PFT',
      reportText: 'value: true; limits: = true',
    });
    expect(named(report, 'rssi @ frequency 2480 MHz')?.numericMeas).toMatchObject([{ value: -61 }]);
  });

  it('takes the code of the test operation at the server', () => {
    const run = runDocument({ steps: [step({ measurements: [measurement({ value: null })] })] });
    expect(JSON.parse(encodeWsjf(run, { processCode: 42 }))).toMatchObject({ processCode: 42 });
  });
});
