import { Fault } from '#shared/domain/fault.ts';
import type { MeasuredValue } from '#shared/domain/limits.ts';
import type { StepOf } from '#shared/recipe/index.ts';
import type { FilledLimits, RunContext } from '../run-context/index.ts';
import { awaitProperties, type Properties, toMeasured } from './cloud-control.ts';
import { evaluate, recordMeasurements } from './evaluate.ts';

/** Awaits that the registry has a property as the unit reported it, within its limits. */
export async function propertyReported(
  step: StepOf<'property-reported'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const { property, unit = null, measure = property } = step;
  const valueOf = (properties: Properties): MeasuredValue | null => toMeasured(properties[property]);
  const limitsOf = (value: MeasuredValue): FilledLimits | undefined =>
    step.limits && run.scope.limits(step.limits, measure, typeof value === 'number');
  const isGood = (properties: Properties): boolean => {
    const value = valueOf(properties);
    return value !== null && evaluate(measure, value, limitsOf(value)).outcome === 'PASS';
  };
  const value = valueOf(await awaitProperties(run, isGood, step.withinMs, signal));
  if (value === null) throw notReported(run, property, step.withinMs);
  recordMeasurements(run, [evaluate(measure, value, limitsOf(value), unit)]);
}

function notReported(run: RunContext, property: string, timeoutMs: number): Fault {
  return new Fault(
    'not-online',
    `${run.bound?.deviceName ?? 'the unit'} reported no ${property} in ${timeoutMs} ms`,
    {
      hint: 'Let it log in before this step; when it stays so, the unit is faulty.',
      details: { deviceName: run.bound?.deviceName ?? null, measurement: property },
    },
  );
}
