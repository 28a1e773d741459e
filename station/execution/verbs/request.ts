import type { StepOf } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { withAddressee } from './addressee.ts';
import { processAnswer, sendMessage } from './serial-exchange.ts';

export async function request(step: StepOf<'request'>, run: RunContext, signal: AbortSignal): Promise<void> {
  await withAddressee(
    step.instrument,
    run,
    async (serial, session) => {
      const sent = await sendMessage(step, { serial, session }, run, signal);
      await processAnswer(step, { serial, session }, run, sent, signal);
    },
    true,
    signal,
  );
}
