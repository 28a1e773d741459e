import { createHash } from 'node:crypto';
import type { DocumentFailure, DocumentMeasurement, DocumentStep, RunDocument } from './run-document.ts';

/**
 * A run as JSON that is the same for equal runs, whichever file they came from: members in a fixed order, and values that JSON has.
 */
export function canonicalJson(run: RunDocument): string {
  return JSON.stringify({
    runId: run.runId,
    station: run.station,
    batchId: run.batchId,
    batch: run.batch,
    slot: run.slot,
    serialNumber: run.serialNumber,
    unitId: run.unitId === null ? null : { kind: run.unitId.kind, text: run.unitId.text },
    productId: run.productId,
    deviceName: run.deviceName,
    proof:
      run.proof === null
        ? null
        : {
            readBack: run.proof.readBack,
            online: run.proof.online,
            ...(run.proof.unproven === true ? { unproven: true } : {}),
          },
    outcome: run.outcome,
    failure: failureOf(run.failure),
    startedAtMs: run.startedAtMs,
    finishedAtMs: run.finishedAtMs,
    operator: run.operator,
    appVersion: run.appVersion,
    firmwareSha256: run.firmwareSha256,
    recipe: { hash: run.recipe.hash, name: run.recipe.name, version: run.recipe.version },
    steps: run.steps.map(stepOf),
  });
}

/** SHA-256 of `canonicalJson`, in hexadecimal digits. */
export function digestOf(json: string): string {
  return createHash('sha256').update(json).digest('hex');
}

function stepOf(step: DocumentStep): object {
  return {
    phase: step.phase,
    step: step.step,
    attempt: step.attempt,
    outcome: step.outcome,
    startedAtMs: step.startedAtMs,
    ms: step.ms,
    failure: failureOf(step.failure),
    measurements: step.measurements.map(measurementOf),
  };
}

function measurementOf(measured: DocumentMeasurement): object {
  return {
    name: measured.name,
    value: measured.value,
    unit: measured.unit === '' ? null : measured.unit,
    limits: measured.limits,
    outcome: measured.outcome,
    low: measured.low,
    high: measured.high,
    marginal: measured.marginal,
    relative: measured.relative,
    at: measured.at?.map(({ name, value, unit }) => ({ name, value, unit })) ?? null,
  };
}

/** Details without a value say nothing, and some formats have no place for them. */
function failureOf(failure: DocumentFailure | null): object | null {
  if (failure === null) return null;
  const { code, phase, step, message, hint, details } = failure;
  const said = Object.entries(details).filter(([, value]) => value !== null);
  said.sort(([a], [b]) => (a < b ? -1 : 1));
  return { code, phase, step, message, hint, details: Object.fromEntries(said) };
}
