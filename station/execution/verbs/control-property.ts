import type { StepOf } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { awaitProperties, controlUnit, fillValues, type Properties, toMeasured } from './cloud-control.ts';
import { evaluate, recordMeasurements } from './evaluate.ts';

/** The cloud sets properties of the unit, which must reply and then report them as they were set. */
export async function controlProperty(
  step: StepOf<'control-property'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const set = fillValues(step.set, run);
  const { withinMs } = step;
  await controlUnit(run, { set, withinMs }, 'control', signal);
  const isAsSet = (properties: Properties): boolean =>
    Object.entries(set).every(([id, value]) => isSame(properties[id], value));
  const properties = await awaitProperties(run, isAsSet, withinMs, signal);
  recordMeasurements(
    run,
    Object.entries(set).map(([id, value]) => {
      const reported = toMeasured(properties[id]);
      return reported !== null && isSame(reported, value)
        ? evaluate(id, reported, undefined)
        : evaluate(id, reported ?? 'none', { equals: value });
    }),
  );
}

/** Devices report true and false as 1 and 0. */
function isSame(reported: unknown, set: unknown): boolean {
  return reported === set || (typeof set === 'boolean' && reported === Number(set));
}
