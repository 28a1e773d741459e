import type { StepOf } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { sendMessage } from './serial-exchange.ts';

export async function send(step: StepOf<'send'>, run: RunContext, signal: AbortSignal): Promise<void> {
  await sendMessage(step, run, signal);
}
