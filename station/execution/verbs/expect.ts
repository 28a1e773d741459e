import type { StepOf } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { processAnswer } from './serial-exchange.ts';

export function expect(step: StepOf<'expect'>, run: RunContext, signal: AbortSignal): Promise<void> {
  return processAnswer(step, run, 'what was awaited', signal);
}
