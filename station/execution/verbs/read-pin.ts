import type { StepOf } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { evaluate, recordMeasurements } from './evaluate.ts';

const POLL_MS = 50;

/** Reads an input of the relay board until its level is within the limits, at most for `withinMs`. */
export async function readPin(step: StepOf<'read-pin'>, run: RunContext, signal: AbortSignal): Promise<void> {
  const { clock } = run.platform;
  const { name, unit = null } = step.measure;
  const limits = step.measure.limits && run.scope.limits(step.measure.limits, name, true);
  const untilMs = clock.monotonicMs() + step.withinMs;
  for (;;) {
    const level = await run.board((board, channel) => board.readInput(step.pin ?? channel, signal), signal);
    const measurement = evaluate(name, level, limits, unit);
    if (measurement.outcome === 'PASS' || clock.monotonicMs() >= untilMs)
      return recordMeasurements(run, [measurement]);
    await clock.sleep(POLL_MS, signal);
  }
}
