import type { StepOf } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { withAddressee } from './addressee.ts';
import { sendMessage } from './serial-exchange.ts';

export async function send(step: StepOf<'send'>, run: RunContext, signal: AbortSignal): Promise<void> {
  const isQuestion = step.text?.includes('?') ?? true;
  await withAddressee(
    step.instrument,
    run,
    (serial, session) => sendMessage(step, { serial, session }, run, signal),
    !isQuestion,
    signal,
  );
}
