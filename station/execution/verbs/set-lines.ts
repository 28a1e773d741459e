import type { StepOf } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';

/** Sets the control lines of the port. */
export function setLines(step: StepOf<'set-lines'>, run: RunContext, signal: AbortSignal): Promise<void> {
  const { dtr, rts, breakMs } = step;
  return run.serial.setControlLines({ dtr, rts, breakMs }, signal);
}
