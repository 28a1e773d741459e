import { OUTCOMES } from '#shared/domain/outcome.ts';
import type { RunDocument } from '../documents/index.ts';

/** The end of the year 9999. */
const MAX_MS = 253_402_300_800_000;
/** The longest name, serial number or id: a list has a hundred runs. */
const MAX_NAME = 100_000;

/**
 * Why a run that a reader has made is none, as the end of a sentence about it; null for a good one. The pages could not show it, nor the
 * list that it is in. A database that was edited by hand may have any value.
 */
export function runProblem(run: RunDocument): string | null {
  if (run.runId === '') return 'it has no id of a run';
  if (!isTime(run.startedAtMs)) return 'its start is no time';
  if (!isTime(run.finishedAtMs)) return 'its end is no time';
  if (run.slot !== null && !Number.isSafeInteger(run.slot)) return 'its slot is no whole number';
  const { runId, station, batchId, batch, serialNumber, unitId, productId, deviceName, operator } = run;
  const names = [runId, station, batchId, batch, serialNumber, unitId?.text, productId, deviceName, operator];
  for (const name of names) {
    if (name === null || name === undefined) continue;
    if (typeof name !== 'string') return 'a name in it is no text';
    if (name.length > MAX_NAME) return `a name in it has more than ${MAX_NAME} characters`;
  }
  if (!isOutcome(run.outcome)) return 'its outcome is none';
  for (const { step, attempt, outcome, ms, measurements } of run.steps) {
    if (!Number.isSafeInteger(attempt)) return `the attempt of step ${step.slice(0, 40)} is no whole number`;
    if (!Number.isFinite(ms)) return `the duration of step ${step.slice(0, 40)} is no number`;
    if (!isOutcome(outcome) || !measurements.every((one) => isOutcome(one.outcome)))
      return `an outcome in step ${step.slice(0, 40)} is none`;
  }
  return null;
}

function isTime(ms: number): boolean {
  return Number.isSafeInteger(ms) && ms >= 0 && ms < MAX_MS;
}

function isOutcome(outcome: string): boolean {
  return OUTCOMES.some((one) => one === outcome);
}
