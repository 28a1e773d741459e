import type { StepOf } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';

export function wait({ ms }: StepOf<'wait'>, run: RunContext, signal: AbortSignal): Promise<void> {
  return run.platform.clock.sleep(ms, signal);
}
