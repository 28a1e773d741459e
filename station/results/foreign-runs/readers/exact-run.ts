import type { DocumentMeasurement, DocumentStep, RunDocument } from '../../documents/index.ts';
import {
  arrayOf,
  failureOf,
  millisOf,
  numberOrNull,
  objectOf,
  outcomeOf,
  proofOf,
  textOf,
  textOrNull,
  unitIdOf,
} from './values.ts';
import { boundsOfText } from './limit-bounds.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * A run with the names that Gongwei's own files have (JSON Lines, `metadata.gongwei`). Times are ISO 8601 or ms since 1970.
 * Faults: `BadRecord`.
 */
export function exactRun(record: JsonObject): RunDocument {
  const startedAtMs = millisOf(record['startedAtMs'] ?? record['startedAt'], 'startedAt');
  return {
    runId: textOf(record['run']),
    station: textOf(record['station']),
    batchId: textOf(record['batch']),
    batch: textOf(record['batchName']),
    slot: numberOrNull(record['slot']),
    serialNumber: textOrNull(record['serialNumber']),
    unitId: unitIdOf(record['unitId']),
    productId: textOrNull(record['productId']),
    deviceName: textOrNull(record['deviceName']),
    proof: proofOf(record['proof']),
    outcome: outcomeOf(record['outcome'], 'outcome'),
    failure: failureOf(record['firstFailure']),
    startedAtMs,
    finishedAtMs: millisOf(record['finishedAtMs'] ?? record['finishedAt'] ?? startedAtMs, 'finishedAt'),
    operator: textOf(record['operator']),
    appVersion: textOf(record['appVersion']),
    firmwareSha256: textOrNull(record['firmwareSha256']),
    recipe: {
      hash: textOf(record['recipeHash']),
      name: textOf(record['recipeName']),
      version: textOf(record['recipeVersion']),
    },
    steps: arrayOf(record['steps'] ?? [], 'steps').map(stepOf),
  };
}

function stepOf(value: unknown): DocumentStep {
  const step = objectOf(value, 'a step');
  return {
    phase: textOf(step['phase']),
    step: textOf(step['step']),
    attempt: numberOrNull(step['attempt']) ?? 1,
    outcome: outcomeOf(step['outcome'], 'the outcome of a step'),
    startedAtMs: millisOf(step['startedAtMs'] ?? step['startedAt'], 'startedAt of a step'),
    ms: numberOrNull(step['ms']) ?? 0,
    failure: failureOf(step['failure']),
    measurements: arrayOf(step['measurements'] ?? [], 'measurements').map(measurementOf),
  };
}

/** JSON Lines have the limits as a text alone. */
function measurementOf(value: unknown): DocumentMeasurement {
  const measured = objectOf(value, 'a measurement');
  const of = measured['value'];
  const limits = textOf(measured['limits']);
  const read = measured['low'] === undefined && measured['high'] === undefined ? boundsOfText(limits) : null;
  return {
    name: textOf(measured['name']),
    value: typeof of === 'string' || typeof of === 'number' || typeof of === 'boolean' ? of : null,
    unit: textOrNull(measured['unit']),
    limits,
    outcome: outcomeOf(measured['outcome'], 'the outcome of a measurement'),
    low: read === null ? numberOrNull(measured['low']) : read.low,
    high: read === null ? numberOrNull(measured['high']) : read.high,
    marginal: measured['marginal'] === true,
    relative: measured['relative'] === true,
    at:
      measured['at'] === undefined || measured['at'] === null
        ? null
        : arrayOf(measured['at'], 'at').map(pointOf),
  };
}

function pointOf(value: unknown): NonNullable<DocumentMeasurement['at']>[number] {
  const { name, value: of, unit } = objectOf(value, 'a place on a curve');
  return { name: textOf(name), value: typeof of === 'number' ? of : textOf(of), unit: textOrNull(unit) };
}
