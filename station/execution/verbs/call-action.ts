import { Fault } from '#shared/domain/fault.ts';
import type { StepOf } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { controlUnit, fillValues, toMeasured } from './cloud-control.ts';
import { evaluate, recordMeasurements } from './evaluate.ts';
import { convertValue } from './extract.ts';

/** The cloud calls an action of the unit, whose output is measured. */
export async function callAction(
  step: StepOf<'call-action'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const { action, withinMs } = step;
  const params = fillValues(step.params, run);
  const response = await controlUnit(run, { action, params, withinMs }, action, signal);
  recordMeasurements(
    run,
    step.measure.map((spec) => {
      const id = String(spec.group ?? spec.name);
      const value = toMeasured(response[id]);
      if (value === null)
        throw new Fault('device-garbled', `${action}: the unit gave back no ${id}`, {
          details: { command: action, measurement: spec.name },
        });
      const converted = typeof value === 'string' ? convertValue(value, spec, action) : value;
      const limits = spec.limits && run.scope.limits(spec.limits, spec.name, typeof converted === 'number');
      return evaluate(spec.name, converted, limits, spec.unit ?? null);
    }),
  );
}
