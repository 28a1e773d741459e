import type { StepOf } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';

/** Switches the unit's supply by the fixture's relay board. */
export async function power(step: StepOf<'power'>, run: RunContext, signal: AbortSignal): Promise<void> {
  const { clock } = run.platform;
  const settleMs = step.settleMs ?? run.recipe.device.board?.settleMs ?? 0;
  if (step.to !== 'on') {
    await run.board((board, channel) => board.setRelay(channel, false, signal), signal);
    if (step.to === 'cycle') await clock.sleep(step.offMs, signal);
  }
  if (step.to !== 'off') await run.board((board, channel) => board.setRelay(channel, true, signal), signal);
  await clock.sleep(settleMs, signal);
}
