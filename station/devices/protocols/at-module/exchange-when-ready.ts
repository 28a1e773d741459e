import { Fault } from '#shared/domain/fault.ts';
import type { Clock } from '../../../core/platform/index.ts';
import type { AtChannel, ExchangeOptions } from './at-channel.ts';

/** `busy p...`: the module still performs an earlier command and has dropped this one. */
const BUSY = 200;
const BUSY_PAUSE_MS = 100;

/** Repeats a command while the module says that it is busy, within the limit of the command. Faults: those of `AtChannel.exchange`. */
export async function exchangeWhenReady(
  { channel, clock }: { readonly channel: AtChannel; readonly clock: Clock },
  command: string,
  exchange: ExchangeOptions,
  signal: AbortSignal,
): Promise<string[]> {
  const deadlineMs = clock.monotonicMs() + exchange.timeoutMs;
  for (;;) {
    try {
      return await channel.exchange(command, exchange, signal);
    } catch (error) {
      const isBusy =
        error instanceof Fault && error.code === 'device-rejected' && error.details['code'] === BUSY;
      if (!isBusy || clock.monotonicMs() + BUSY_PAUSE_MS >= deadlineMs) throw error;
      await clock.sleep(BUSY_PAUSE_MS, signal);
    }
  }
}
