import type { StepOf } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { recordMeasurements } from './evaluate.ts';
import { llsyncPlaces } from './llsync-places.ts';
import { measureValues, toLlsyncValue } from './llsync-values.ts';

/** Calls an action of the unit, and measures its output. */
export async function llsyncAction(
  step: StepOf<'llsync-action'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const { id, values, answerMs, withinMs } = step;
  const placeOf = llsyncPlaces(step, run);
  const place = placeOf(id, 'id');
  const input = step.input.map((one, index) =>
    toLlsyncValue({ ...one, id: placeOf(one.id, 'input', index, 'id') }, run),
  );
  const given = await run.llsync.use(
    answerMs,
    async (device) => {
      await device.connect(signal);
      return device.act(place, input, withinMs, signal);
    },
    signal,
  );
  recordMeasurements(run, measureValues(values, given, { what: `action ${id}`, placeOf }, run));
}
