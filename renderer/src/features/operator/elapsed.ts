import { defineStore } from 'pinia';
import { useClock } from '#stores/clock.ts';

/** More than a page shows at once; the oldest are removed. */
const MAX_KNOWN = 200;

interface Seen {
  readonly sinceMs: number;
  /** The elapsed time when the page first saw it, by the computer's clock. */
  readonly beforeMs: number;
}

/**
 * How long something has been going on. From when the page sees it first this is counted by a clock that nobody sets, so
 * that setting the computer's clock changes nothing.
 */
export const useElapsed = defineStore('elapsed', () => {
  const clock = useClock();
  const seen = new Map<string, Seen>();

  /** @param key what it is, such as `run:ID`; @param startedAtMs when it began, as the station says */
  function since(key: string, startedAtMs: number): number {
    // Read to make the caller depend on the clock.
    const { nowMs } = clock;
    const steadyMs = performance.now();
    let first = seen.get(key);
    if (first === undefined) {
      first = { sinceMs: steadyMs, beforeMs: Math.max(0, nowMs - startedAtMs) };
      seen.set(key, first);
      for (const [oldest] of seen) if (seen.size > MAX_KNOWN) seen.delete(oldest);
    }
    return first.beforeMs + (steadyMs - first.sinceMs);
  }

  return { since };
});
