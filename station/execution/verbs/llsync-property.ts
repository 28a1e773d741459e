import { Fault } from '#shared/domain/fault.ts';
import type { MeasuredValue } from '#shared/domain/limits.ts';
import type { StepOf } from '#shared/recipe/index.ts';
import type { LlsyncValue } from '../../devices/protocols/index.ts';
import type { FilledLimits, RunContext } from '../run-context/index.ts';
import { evaluate, recordMeasurements } from './evaluate.ts';
import { llsyncPlaces, type PlaceOf } from './llsync-places.ts';
import { toLlsyncValue, toMeasured } from './llsync-values.ts';

/** Sets a property, and awaits a report of it within its limits. */
export async function llsyncProperty(
  step: StepOf<'llsync-property'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const { unit = null, limits, answerMs, withinMs } = step;
  const placeOf = llsyncPlaces(step, run);
  const id = placeOf(step.id, 'id');
  const member = step.member === undefined ? undefined : placeOf(step.member, 'member');
  const name = step.measure ?? `property-${step.id}`;
  const limitsOf = (value: MeasuredValue): FilledLimits | undefined =>
    limits && run.scope.limits(limits, name, typeof value === 'number');
  const isGood = (report: LlsyncValue): boolean => {
    const value = toMeasured(report, member);
    return value !== null && evaluate(name, value, limitsOf(value)).outcome === 'PASS';
  };
  const wanted = step.set === undefined ? null : valueToSet(step.set, { id, type: step.type, placeOf }, run);
  const needsReport = wanted === null || limits !== undefined;
  const report = await run.llsync.use(
    answerMs,
    async (device) => {
      await device.connect(signal);
      if (wanted !== null) await device.control([wanted], signal);
      return needsReport ? device.report(id, isGood, withinMs, signal) : null;
    },
    signal,
  );
  if (!needsReport) return;
  const value = report === null ? null : toMeasured(report, member);
  if (value === null)
    throw new Fault('limit-exceeded', `the unit reported no ${name} in ${withinMs} ms`, {
      hint: 'Try once more; when it stays so, the unit is faulty.',
      details: { measurement: name, timeoutMs: withinMs },
    });
  recordMeasurements(run, [evaluate(name, value, limitsOf(value), unit)]);
}

function valueToSet(
  set: NonNullable<StepOf<'llsync-property'>['set']>,
  { id, type, placeOf }: Pick<StepOf<'llsync-property'>, 'type'> & { id: number; placeOf: PlaceOf },
  run: RunContext,
): LlsyncValue {
  if (typeof set === 'object')
    return {
      id,
      type: 'struct',
      value: set.map((member, index) =>
        toLlsyncValue({ ...member, id: placeOf(member.id, 'set', index, 'id') }, run),
      ),
    };
  if (type === 'struct')
    throw new Fault('recipe-invalid', `the struct with id ${id} is set as a list of its members`);
  return toLlsyncValue({ id, type, value: set }, run);
}
