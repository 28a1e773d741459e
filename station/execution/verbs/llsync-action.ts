import type { StepOf } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { recordMeasurements } from './evaluate.ts';
import { measureValues, toLlsyncValue } from './llsync-values.ts';

/** Calls an action of the unit, and measures its output. */
export async function llsyncAction(
  step: StepOf<'llsync-action'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const { id, values, answerMs, withinMs } = step;
  const input = step.input.map((one) => toLlsyncValue(one, run));
  const given = await run.llsync.use(
    answerMs,
    async (device) => {
      await device.connect(signal);
      return device.act(id, input, withinMs, signal);
    },
    signal,
  );
  recordMeasurements(run, measureValues(values, given, `action ${id}`, run));
}
