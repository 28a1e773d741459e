import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeOpenHtf, type RunDocument } from '../../../../station/results/documents/index.ts';
import { depth } from '../../../support/depth.ts';
import { anyRunDocument, EVIL_TEXTS, measurement, runDocument, step } from './sample-documents.ts';

/**
 * The fields of records as OpenHTF writes them: `as_base_types` of TestRecord and PhaseRecord in openhtf/core/test_record.py, and
 * `as_base_types` of Measurement in openhtf/core/measurements.py (release 1.5 and later).
 */
const RECORD = [
  'dut_id', 'start_time_millis', 'end_time_millis', 'outcome', 'outcome_details', 'marginal', 'metadata', 'phases',
  'subtests', 'branches', 'checkpoints', 'diagnosers', 'diagnoses', 'log_records', 'station_id', 'code_info',
]; // prettier-ignore
const PHASE = [
  'measurements', 'options', 'diagnosers', 'subtest_name', 'start_time_millis', 'end_time_millis', 'attachments',
  'diagnosis_results', 'failure_diagnosis_results', 'result', 'outcome', 'marginal', 'descriptor_id', 'name', 'codeinfo',
]; // prettier-ignore
const MEASUREMENT = [
  'name', 'outcome', 'validators', 'dimensions', 'units', 'docstring', 'measured_value', 'marginal',
]; // prettier-ignore

interface Phase {
  readonly name: string;
  readonly outcome: string;
  readonly result: object;
  readonly measurements: Record<string, Record<string, unknown>>;
}
interface Record_ {
  readonly [key: string]: unknown;
  readonly phases: readonly Phase[];
}

const encoded = (run: RunDocument): Record_ => JSON.parse(encodeOpenHtf(run)) as Record_;

describe('a run as OpenHTF JSON', () => {
  it('has the fields of a TestRecord, its phases and its measurements', () => {
    const record = encoded(runDocument());
    expect(Object.keys(record).sort()).toEqual([...RECORD].sort());
    for (const phase of record.phases) {
      expect(Object.keys(phase).sort()).toEqual([...PHASE].sort());
      for (const [name, measured] of Object.entries(phase.measurements)) {
        expect(measured['name']).toBe(name);
        expect(MEASUREMENT).toEqual(expect.arrayContaining(Object.keys(measured)));
      }
    }
    expect(record).toMatchObject({
      dut_id: '000123',
      station_id: 'L3-07',
      start_time_millis: 1_700_000_000_000,
      end_time_millis: 1_700_000_005_500,
      outcome: 'FAIL',
      outcome_details: [{ code: 'limit-exceeded', description: 'main/reply: count is 6' }],
      metadata: { test_name: 'module', test_version: '7', operator: '王' },
      code_info: { name: '', docstring: null, sourcecode: '' },
    });
  });

  it('repeats a phase for each attempt, and ends it as OpenHTF does', () => {
    const { phases } = encoded(runDocument());
    expect(phases.map(({ name, outcome, result }) => [name, outcome, result])).toEqual([
      ['setup/connect', 'PASS', { phase_result: 'CONTINUE' }],
      ['main/power', 'PASS', { phase_result: 'CONTINUE' }],
      ['main/radio', 'SKIP', { phase_result: 'REPEAT' }],
      ['main/radio', 'PASS', { phase_result: 'CONTINUE' }],
      ['main/reply', 'FAIL', { phase_result: 'FAIL_AND_CONTINUE' }],
      ['teardown/off', 'ERROR', { phase_result: null }],
      [
        'teardown/lid',
        'ERROR',
        { phase_result: expect.objectContaining({ exc_type: 'port-lost' }) as object },
      ],
    ]);
  });

  it('writes values with their types, limits as validators, and curves with dimensions', () => {
    const { phases } = encoded(runDocument());
    expect(phases[1]?.measurements['voltage']).toEqual({
      name: 'voltage',
      outcome: 'PASS',
      validators: ['3.1 <= x <= 3.5'],
      units: { name: 'volt', code: 'VLT', suffix: 'V' },
      docstring: 'limits: 3.1 … 3.5 V',
      measured_value: 3.3,
    });
    expect(phases[1]?.measurements['free']).toEqual({ name: 'free', outcome: 'PASS', measured_value: -0.1 });
    expect(phases[3]?.measurements['rssi']).toMatchObject({
      dimensions: [{ name: 'frequency', code: 'MHZ', suffix: 'MHz' }],
      measured_value: [[2402, -60], [2480, -61]],
      units: { suffix: 'dBm', code: null },
    }); // prettier-ignore
    expect(
      Object.values(phases[4]?.measurements ?? {}).map((one) => [one['validators'], one['measured_value']]),
    ).toEqual([
      [["'x' is equal to 'OK'"], 'OK'],
      [["'x' matches /^1\\.\\d$/"], '1.0'],
      [['x == true'], true],
      [['x == 5'], 6],
    ]);
  });

  it('names measurements of one name apart, and loses none', () => {
    const twice = [
      measurement({ name: 'a' }),
      measurement({ name: 'a', value: 2 }),
      measurement({ name: '__proto__', value: 3 }),
    ];
    const [phase] = encoded(runDocument({ steps: [step({ measurements: twice })] })).phases;
    expect(Object.keys(phase?.measurements ?? {})).toEqual(['a', 'a (2)', '__proto__']);
  });

  it('is read by Python, whatever the texts are', () => {
    const runs = [
      ...EVIL_TEXTS.map((text) => runDocument({ serialNumber: text, operator: text, steps: [step({ step: text, measurements: [measurement({ name: text, value: text, unit: text })] })] })),
      ...fc.sample(anyRunDocument, { numRuns: depth({ short: 40, long: 500 }) }),
    ]; // prettier-ignore
    const lines = runs.map(encodeOpenHtf).join('');
    const script = `import json, sys
for line in sys.stdin.buffer:
  record = json.loads(line, parse_constant=lambda name: sys.exit(name))
  print(json.dumps([record["dut_id"], len(record["phases"])]))`;
    const out = execFileSync('python3', ['-c', script], {
      input: lines,
      encoding: 'utf8',
      maxBuffer: 50_000_000,
    });
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(runs.map((run) => [run.serialNumber, run.steps.length]));
  });
});
