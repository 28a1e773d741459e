import type { StepOf } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { withAddressee } from './addressee.ts';
import { processAnswer } from './serial-exchange.ts';

export function expect(step: StepOf<'expect'>, run: RunContext, signal: AbortSignal): Promise<void> {
  return withAddressee(
    step.instrument,
    run,
    (serial, session) => processAnswer(step, { serial, session }, run, 'what was awaited', signal),
    true,
    signal,
  );
}
