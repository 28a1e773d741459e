import type { MeasuredValue } from '#shared/domain/limits.ts';
import type { Outcome } from '#shared/domain/outcome.ts';
import type {
  DocumentFailure,
  DocumentMeasurement,
  DocumentStep,
  RunDocument,
} from '../../documents/index.ts';
import { idOfContent } from '../candidate.ts';
import { exactRun } from './exact-run.ts';
import {
  arrayOf,
  BadRecord,
  millisOf,
  numberOrNull,
  objectOf,
  outcomeOf,
  textOf,
  textOrNull,
} from './values.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** Values of a record: a short text has many points of a curve, and each becomes a measurement. */
const MAX_VALUES = 20_000;

/** True for a parsed record of OpenHTF. */
export function isOpenHtf(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'dut_id' in value && 'phases' in value;
}

/**
 * The run of a TestRecord, of Gongwei or of any other program that OpenHTF runs. A phase of theirs is a step of a phase `main`.
 * Source: `as_base_types` in openhtf/core/test_record.py and openhtf/core/measurements.py. Faults: `BadRecord`.
 */
export function runOfOpenHtf(value: unknown): RunDocument {
  const record = objectOf(value, 'the record');
  const metadata = objectOf(record['metadata'] ?? {}, 'metadata');
  const gongwei = metadata['gongwei'];
  if (gongwei !== undefined) return ownRun(record, metadata, objectOf(gongwei, 'metadata.gongwei'));
  const startedAtMs = millisOf(record['start_time_millis'], 'start_time_millis');
  const outcome = outcomeOf(record['outcome'], 'outcome');
  const steps = stepsOf(arrayOf(record['phases'], 'phases'));
  const run: RunDocument = {
    runId: '',
    station: textOf(record['station_id']),
    batchId: '',
    batch: '',
    slot: null,
    serialNumber: textOrNull(record['dut_id']),
    unitId: null,
    productId: null,
    deviceName: null,
    proof: null,
    outcome,
    failure: outcome === 'PASS' ? null : failureOfRecord(record, steps),
    startedAtMs,
    finishedAtMs: Math.max(
      startedAtMs,
      millisOf(record['end_time_millis'] ?? startedAtMs, 'end_time_millis'),
    ),
    operator: textOf(metadata['operator'] ?? metadata['operator_name']),
    appVersion: '',
    firmwareSha256: null,
    recipe: { hash: '', name: textOf(metadata['test_name']), version: textOf(metadata['test_version']) },
    steps,
  };
  return { ...run, runId: idOfContent(run) };
}

function ownRun(record: JsonObject, metadata: JsonObject, gongwei: JsonObject): RunDocument {
  return exactRun({
    ...gongwei,
    station: record['station_id'],
    outcome: record['outcome'],
    startedAtMs: record['start_time_millis'],
    finishedAtMs: record['end_time_millis'],
    operator: metadata['operator'],
    recipeName: metadata['test_name'],
    recipeVersion: metadata['test_version'],
  });
}

/** OpenHTF says what failed in a list that is often empty; then the first phase that failed says it. */
function failureOfRecord(record: JsonObject, steps: readonly DocumentStep[]): DocumentFailure {
  const [first] = Array.isArray(record['outcome_details']) ? (record['outcome_details'] as unknown[]) : [];
  const said = typeof first === 'object' && first !== null ? (first as JsonObject) : {};
  const failed = steps.find(({ outcome }) => outcome !== 'PASS');
  const measured = failed?.measurements.find(({ outcome }) => outcome !== 'PASS');
  return {
    code: textOf(said['code']),
    phase: failed?.phase ?? '',
    step: failed?.step ?? '',
    message: textOf(said['description']),
    hint: null,
    details: measured === undefined ? {} : { measurement: measured.name },
  };
}

function stepsOf(phases: readonly unknown[]): DocumentStep[] {
  const attempts = new Map<string, number>();
  const steps: DocumentStep[] = [];
  let values = 0;
  for (const value of phases) {
    const phase = objectOf(value, 'a phase');
    const name = textOf(phase['name']);
    const measurements = Object.values(objectOf(phase['measurements'] ?? {}, 'measurements')).flatMap((one) =>
      measurementsOf(objectOf(one, 'a measurement')),
    );
    values += measurements.length;
    if (values > MAX_VALUES) throw tooManyValues();
    const outcome = outcomeOfPhase(phase, measurements);
    if (outcome === null) continue;
    const attempt = (attempts.get(name) ?? 0) + 1;
    attempts.set(name, attempt);
    const startedAtMs = millisOf(phase['start_time_millis'], 'start_time_millis of a phase');
    const endedAtMs = millisOf(phase['end_time_millis'] ?? startedAtMs, 'end_time_millis of a phase');
    steps.push({
      phase: 'main',
      step: name,
      attempt,
      outcome,
      startedAtMs,
      ms: Math.max(0, endedAtMs - startedAtMs),
      failure: null,
      measurements,
    });
  }
  return steps;
}

/** Records of before version 1.4 have no outcome of phases. A phase that was skipped did nothing: null. */
function outcomeOfPhase(phase: JsonObject, measured: readonly DocumentMeasurement[]): Outcome | null {
  const failed = measured.some(({ outcome }) => outcome !== 'PASS');
  const { phase_result: result } = objectOf(phase['result'] ?? {}, 'the result of a phase');
  switch (phase['outcome']) {
    case 'PASS':
      return 'PASS';
    case 'FAIL':
      return 'FAIL';
    case 'ERROR':
      return result === null ? 'TIMEOUT' : 'ERROR';
    case 'SKIP':
      return result === 'REPEAT' ? 'FAIL' : null;
    default:
      return failed ? 'FAIL' : 'PASS';
  }
}

function measurementsOf(measured: JsonObject): DocumentMeasurement[] {
  const value = measured['measured_value'];
  if (value === undefined || value === null) return [];
  const validators = Array.isArray(measured['validators']) ? measured['validators'].map(textOf) : [];
  const { low, high } = boundsOf(validators);
  const common = {
    name: textOf(measured['name']),
    unit: unitOf(measured['units']),
    limits: validators.join(', '),
    outcome: measured['outcome'] === 'FAIL' ? ('FAIL' as const) : ('PASS' as const),
    low,
    high,
    marginal: measured['marginal'] === true,
    relative: false,
  };
  const dimensions = measured['dimensions'];
  if (!Array.isArray(dimensions) || !Array.isArray(value))
    return [{ ...common, value: scalarOf(value), at: null }];
  if (value.length > MAX_VALUES) throw tooManyValues();
  return (value as unknown[]).map((point) => {
    const numbers = arrayOf(point, 'a point of a measurement').map(scalarOf);
    const at = dimensions.map((dimension, index) => {
      const { name, suffix } = objectOf(dimension, 'a dimension');
      const place = numbers[index] ?? '';
      return {
        name: textOf(name),
        value: typeof place === 'boolean' ? String(place) : place,
        unit: textOrNull(suffix),
      };
    });
    return { ...common, value: numbers.at(-1) ?? null, at };
  });
}

function tooManyValues(): BadRecord {
  return new BadRecord(`it has more than ${MAX_VALUES} values`);
}

/** OpenHTF writes other values (lists, objects) too; they are kept as JSON. */
function scalarOf(value: unknown): MeasuredValue | null {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return numberOrNull(value);
    default:
      return value === null || value === undefined ? null : JSON.stringify(value);
  }
}

function unitOf(units: unknown): string | null {
  if (typeof units !== 'object' || units === null) return null;
  const { suffix, name } = units as JsonObject;
  const unit = textOrNull(suffix) ?? textOrNull(name);
  return unit === null || unit === 'None' || unit === 'No dimension' ? null : unit;
}

/** `1 <= x <= 4`, `x < 4`, `1 <= x`. */
const RANGE =
  /^(?:(-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?) <=? )?x(?: <=? (-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?))?$/i;

function boundsOf(validators: readonly string[]): {
  readonly low: number | null;
  readonly high: number | null;
} {
  for (const validator of validators) {
    const [, low, high] = RANGE.exec(validator) ?? [];
    if (low === undefined && high === undefined) continue;
    return { low: low === undefined ? null : Number(low), high: high === undefined ? null : Number(high) };
  }
  return { low: null, high: null };
}

/** Parses the text of one record. Faults: `BadRecord`. */
export function parseOpenHtf(text: string): RunDocument {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BadRecord('it is no JSON');
  }
  if (!isOpenHtf(value)) throw new BadRecord('it has no dut_id and phases, as records of OpenHTF have');
  return runOfOpenHtf(value);
}
