import type { AttemptJson, Json } from '../recording/index.ts';
import type { Measurement } from '../run-context/index.ts';
import type { Attempt } from './execute.ts';

/** An attempt of a step as its recording has it. */
export function toAttemptJson(attempt: Attempt, measurements: readonly Measurement[]): AttemptJson {
  const { phase, step, attempt: nth, outcome, durationMs, failure } = attempt;
  return {
    phase,
    step,
    attempt: nth,
    outcome,
    ms: durationMs,
    failure,
    measured: measurements.map(({ name, value, unit, limits, outcome: own, at = null }) => ({
      name,
      value: value as Json,
      unit,
      limits,
      outcome: own,
      ...(at === null ? {} : { at: at as unknown as Json }),
    })),
  };
}
