import type { StepOf } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { controlUnit, fillValues } from './cloud-control.ts';
import { recordMeasurements } from './evaluate.ts';
import { measureValues } from './measure-values.ts';

/** The cloud calls an action of the unit, whose output is measured. */
export async function callAction(
  step: StepOf<'call-action'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const { action, withinMs } = step;
  const params = fillValues(step.params, run);
  const response = await controlUnit(run, { action, params, withinMs }, action, signal);
  recordMeasurements(run, measureValues(run, step.measure, response, action));
}
