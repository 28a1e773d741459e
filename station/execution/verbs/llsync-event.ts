import type { StepOf } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { recordMeasurements } from './evaluate.ts';
import { llsyncPlaces } from './llsync-places.ts';
import { measureValues } from './llsync-values.ts';

/** Awaits an event of the unit, and measures its parameters. */
export async function llsyncEvent(
  step: StepOf<'llsync-event'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const { id, values, answerMs, withinMs } = step;
  const placeOf = llsyncPlaces(step, run);
  const place = placeOf(id, 'id');
  const given = await run.llsync.use(
    answerMs,
    async (device) => {
      await device.connect(signal);
      return device.event(place, withinMs, signal);
    },
    signal,
  );
  recordMeasurements(run, measureValues(values, given, { what: `event ${id}`, placeOf }, run));
}
