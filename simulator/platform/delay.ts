import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits at least `ms` by the monotonic clock, because a timer of Node may end a fraction of a millisecond early. Rejects
 * with the signal's reason when it aborts. Zero and less do not wait.
 */
export async function delay(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const endsAtMs = performance.now() + ms;
  for (let leftMs = ms; leftMs > 0; leftMs = endsAtMs - performance.now())
    await sleep(Math.ceil(leftMs), undefined, { signal });
}
