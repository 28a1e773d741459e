/**
 * Whether somebody is at this screen. A station signs a person out who has asked nothing for a while; a page that
 * follows the line by asking again and again would keep the session of somebody who left long ago.
 */
export interface Presence {
  /** Does it now, or as soon as somebody touches the screen or the keyboard again; the latest one only. */
  whenHere(work: () => void): void;
  close(): void;
}

/** Without a touch for so long, nobody reads what would be asked for. */
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
