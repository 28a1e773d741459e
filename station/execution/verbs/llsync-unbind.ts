import { Fault } from '#shared/domain/fault.ts';
import type { StepOf } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { llsyncState, releaseEarlier } from './llsync-state.ts';

/** A connection that breaks is made again so often. */
const MAX_LINKS = 3;

/** Ends the binding by this run or an earlier one, and requires that the unit advertises itself as free. Faults: those of `llsyncState`, `LlsyncDevice`. */
export async function llsyncUnbind(
  { answerMs, withinMs }: StepOf<'llsync-unbind'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  // In the teardown of a run that has burned no identity there is nothing to release.
  if (run.bound === null) return;
  for (let links = 1; ; links++) {
    try {
      const state = await llsyncState(run, withinMs, signal);
      if (state === 'free') return;
      if (links > MAX_LINKS) break;
      if (typeof state === 'object') {
        await releaseEarlier(run, state.runId, answerMs, signal);
        continue;
      }
      await run.llsync.use(
        answerMs,
        async (device) => {
          await device.connect(signal);
          await device.unbind(signal);
        },
        signal,
      );
    } catch (error) {
      if (!(error instanceof Fault && error.code === 'ble-lost') || links > MAX_LINKS) throw error;
      run.note(`${error.message}; the station looks whether the unit is free`);
    }
  }
  const address = run.ble.address();
  throw new Fault('device-rejected', `${address} stays bound`, {
    hint: 'Test it again; when it stays so, reset its binding with its button.',
    details: { address },
  });
}
