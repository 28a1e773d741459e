import { Fault } from '#shared/domain/fault.ts';
import type { StepOf } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';

/** Sets the control lines of the port. */
export function setLines(step: StepOf<'set-lines'>, run: RunContext, signal: AbortSignal): Promise<void> {
  const { dtr, rts, breakMs } = step;
  return run.wire.setLines({ dtr, rts, breakMs }, signal);
}

/** Resets the unit by a line of its port, as the recipe's device says. */
export async function reset(_step: StepOf<'reset'>, run: RunContext, signal: AbortSignal): Promise<void> {
  const { reset: how } = run.recipe.device;
  if (how === undefined)
    throw new Fault('recipe-invalid', 'device.reset says nothing of how to reset the unit');
  const { line, active, activeMs, settleMs } = how;
  if (line === 'break') await run.wire.setLines({ breakMs: activeMs }, signal);
  else {
    await run.wire.setLines({ [line]: active }, signal);
    try {
      await run.platform.clock.sleep(activeMs, signal);
    } finally {
      await run.wire.setLines({ [line]: !active }, signal);
    }
  }
  await run.platform.clock.sleep(settleMs, signal);
}
