/**
 * Detects whether a person is at the screen. The station signs a user out after a time without calls; a page that
 * repeats its calls would extend the session of a user who has left. Not VueUse's `useIdle`, which counts a page that
 * becomes visible as input (ADR 48).
 */
export interface Presence {
  /** Runs `work` now, or at the next input of a person; of several waiting calls only the latest. */
  whenPresent(work: () => void): void;
  close(): void;
}

/** After this time without input the person counts as away. */
const AWAY_MS = 3 * 60_000;

export function createPresence(
  window: Pick<Window, 'addEventListener'>,
  nowMs: () => number = Date.now,
): Presence {
  const closing = new AbortController();
  let lastInputAtMs = nowMs();
  let waiting: (() => void) | null = null;
  const onInput = (): void => {
    lastInputAtMs = nowMs();
    const work = waiting;
    waiting = null;
    work?.();
  };
  for (const event of ['keydown', 'pointerdown', 'pointermove', 'wheel'] as const) {
    window.addEventListener(event, onInput, { capture: true, passive: true, signal: closing.signal });
  }
  return {
    whenPresent(work) {
      if (nowMs() - lastInputAtMs < AWAY_MS) work();
      else waiting = work;
    },
    close() {
      closing.abort();
      waiting = null;
    },
  };
}
