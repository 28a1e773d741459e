/**
 * Detects a person at the screen. The station signs a person out after a time without calls; repeated calls of a page would
 * keep the session of a person who has left.
 */
export interface Presence {
  /** Runs `work` now, or at the next input of a person; of several waiting calls only the latest. */
  whenHere(work: () => void): void;
  close(): void;
}

/** After this time without input the person counts as away. */
const AWAY_MS = 3 * 60_000;

export function createPresence(
  window: Pick<Window, 'addEventListener'>,
  nowMs: () => number = Date.now,
): Presence {
  const over = new AbortController();
  let touchedAtMs = nowMs();
  let waiting: (() => void) | null = null;
  const touch = (): void => {
    touchedAtMs = nowMs();
    const work = waiting;
    waiting = null;
    work?.();
  };
  for (const event of ['keydown', 'pointerdown', 'pointermove', 'wheel'] as const) {
    window.addEventListener(event, touch, { capture: true, passive: true, signal: over.signal });
  }
  return {
    whenHere(work) {
      if (nowMs() - touchedAtMs < AWAY_MS) work();
      else waiting = work;
    },
    close() {
      over.abort();
      waiting = null;
    },
  };
}
