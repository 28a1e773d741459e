import { type StepOf, stepName } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { requireVariableLength } from './abbreviate.ts';
import { decodeBleValue } from './ble-value.ts';
import { evaluate, recordMeasurements } from './evaluate.ts';

/** Reads a characteristic and compares its value with the limits. */
export async function bleRead(step: StepOf<'ble-read'>, run: RunContext, signal: AbortSignal): Promise<void> {
  const { service, characteristic, answerMs: timeoutMs, as, capture } = step;
  const bytes = await run.ble.use(
    (connection) => connection.read(service, characteristic, { timeoutMs, signal }),
    signal,
  );
  const name = stepName(step);
  const value = decodeBleValue(bytes, step, `${service}/${characteristic}`);
  if (capture !== undefined)
    run.scope.set(capture, requireVariableLength(String(value), `${characteristic}: ${capture}`));
  const limits = step.limits && run.scope.limits(step.limits, name, as !== 'text' && as !== 'hex');
  recordMeasurements(run, [evaluate(name, value, limits, step.unit ?? null)]);
}
