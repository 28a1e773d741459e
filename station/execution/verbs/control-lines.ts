import { Fault } from '#shared/domain/fault.ts';
import type { StepOf } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';

/** Sets the control lines of the port. */
export function setLines(step: StepOf<'set-lines'>, run: RunContext, signal: AbortSignal): Promise<void> {
  const { dtr, rts, breakMs } = step;
  return run.serial.setControlLines({ dtr, rts, breakMs }, signal);
}

/** Resets the unit by a line of its port, as the recipe's device says. */
export async function reset(_step: StepOf<'reset'>, run: RunContext, signal: AbortSignal): Promise<void> {
  const { reset: how } = run.recipe.device;
  if (how === undefined)
    throw new Fault('recipe-invalid', 'device.reset says nothing of how to reset the unit');
  const { line, active, activeMs, settleMs } = how;
  if (line === 'break') await run.serial.setControlLines({ breakMs: activeMs }, signal);
  else {
    await run.serial.setControlLines({ [line]: active }, signal);
    try {
      await run.platform.clock.sleep(activeMs, signal);
    } finally {
      await run.serial.setControlLines({ [line]: !active }, signal);
    }
  }
  await run.platform.clock.sleep(settleMs, signal);
}
