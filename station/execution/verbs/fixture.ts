import type { StepOf } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { held, judge } from './evaluate.ts';

const POLL_MS = 50;

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

/** Reads an input of the board until it is as it should be, or the time is over. */
export async function readPin(step: StepOf<'read-pin'>, run: RunContext, signal: AbortSignal): Promise<void> {
  const { clock } = run.platform;
  const { name, unit = null } = step.measure;
  const limits = step.measure.limits && run.scope.limits(step.measure.limits, name, true);
  const untilMs = clock.monotonicMs() + step.withinMs;
  for (;;) {
    const level = await run.board((board, channel) => board.readInput(step.pin ?? channel, signal), signal);
    const value = held(name, level, limits, unit);
    if (value.outcome === 'PASS' || clock.monotonicMs() >= untilMs) return judge(run, [value]);
    await clock.sleep(POLL_MS, signal);
  }
}
