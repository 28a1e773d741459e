import { Fault } from '#shared/domain/fault.ts';
import type { MeasurementSpec } from '#shared/recipe/index.ts';
import type { Measurement, RunContext } from '../run-context/index.ts';
import { type Properties, toMeasured } from './cloud-control.ts';
import { evaluate } from './evaluate.ts';
import { convertValue } from './extract.ts';

/**
 * Compares values that a unit has sent by their ids with their limits; the group of a specification is the id. Faults:
 * `device-garbled` for a value that is missing or of another kind.
 */
export function measureValues(
  run: RunContext,
  specs: readonly MeasurementSpec[],
  values: Properties,
  what: string,
): Measurement[] {
  return specs.map((spec) => {
    const id = String(spec.group ?? spec.name);
    const value = toMeasured(values[id]);
    if (value === null)
      throw new Fault('device-garbled', `${what}: the unit gave back no ${id}`, {
        details: { command: what, measurement: spec.name },
      });
    const converted = typeof value === 'string' ? convertValue(value, spec, what) : value;
    const limits = spec.limits && run.scope.limits(spec.limits, spec.name, typeof converted === 'number');
    return evaluate(spec.name, converted, limits, spec.unit ?? null);
  });
}
