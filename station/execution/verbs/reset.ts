import { Fault } from '#shared/domain/fault.ts';
import type { StepOf } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';

/** Resets the unit by a line of its port, as `device.reset` says. */
export async function reset(_step: StepOf<'reset'>, run: RunContext, signal: AbortSignal): Promise<void> {
  const { reset: settings } = run.recipe.device;
  if (settings === undefined)
    throw new Fault('recipe-invalid', 'reset needs device.reset, which says how the unit is reset');
  const { line, active: activeLevel, activeMs, settleMs } = settings;
  if (line === 'break') await run.serial.setControlLines({ breakMs: activeMs }, signal);
  else {
    await run.serial.setControlLines({ [line]: activeLevel }, signal);
    try {
      await run.platform.clock.sleep(activeMs, signal);
    } finally {
      await run.serial.setControlLines({ [line]: !activeLevel }, signal);
    }
  }
  await run.platform.clock.sleep(settleMs, signal);
}
