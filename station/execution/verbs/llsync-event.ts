import type { StepOf } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { recordMeasurements } from './evaluate.ts';
import { measureValues } from './llsync-values.ts';

/** Awaits an event of the unit, and measures its parameters. */
export async function llsyncEvent(
  { id, values, answerMs, withinMs }: StepOf<'llsync-event'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const given = await run.llsync.use(
    answerMs,
    async (device) => {
      await device.connect(signal);
      return device.event(id, withinMs, signal);
    },
    signal,
  );
  recordMeasurements(run, measureValues(values, given, `event ${id}`, run));
}
