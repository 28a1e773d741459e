import type { StepOf } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { processAnswer, sendMessage } from './serial-exchange.ts';

export async function request(step: StepOf<'request'>, run: RunContext, signal: AbortSignal): Promise<void> {
  const sent = await sendMessage(step, run, signal);
  await processAnswer(step, run, sent, signal);
}
