import type { StepOf } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';

/** The unit leaves the cloud; passes when it was not logged in. */
export function logOut(_step: StepOf<'log-out'>, run: RunContext, signal: AbortSignal): Promise<void> {
  return run.device.goOffline(signal);
}
