import { Fault } from '#shared/domain/fault.ts';
import type { Clock } from '../../../core/platform/index.ts';
import type { AtChannel, ExchangeOptions } from './at-channel.ts';

/** `busy p...`: the module still performs an earlier command and has dropped this one. */
const BUSY = 200;
const BUSY_PAUSE_MS = 100;

/** Repeats a command while the module says that it is busy, within the limit of the command. Faults: those of `AtChannel.exchange`. */
export function exchangeWhenReady(
  { channel, clock }: { readonly channel: AtChannel; readonly clock: Clock },
  command: string,
  exchange: ExchangeOptions,
  signal: AbortSignal,
): Promise<string[]> {
  const { timeoutMs } = exchange;
  return repeatWhileBusy(() => channel.exchange(command, exchange, signal), { clock, timeoutMs }, signal);
}

/** Asks again while the answer is `device-rejected` with the code of a busy module, within the limit. Faults: those of `ask`. */
export async function repeatWhileBusy<T>(
  ask: () => Promise<T>,
  { clock, timeoutMs }: { readonly clock: Clock; readonly timeoutMs: number },
  signal: AbortSignal,
): Promise<T> {
  const deadlineMs = clock.monotonicMs() + timeoutMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const isBusy =
        error instanceof Fault && error.code === 'device-rejected' && error.details['code'] === BUSY;
      if (!isBusy || clock.monotonicMs() + BUSY_PAUSE_MS >= deadlineMs) throw error;
      await clock.sleep(BUSY_PAUSE_MS, signal);
    }
  }
}
