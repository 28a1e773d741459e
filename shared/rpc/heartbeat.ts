/** How often the other end is asked for a sign of life. */
const EVERY_MS = 1_000;
/** A sign that is due for so long makes an end that does not answer: the wire may be there, and nobody at its end. */
const SILENT_MS = 3_000;
/** From here on the wire itself is not trusted any more. Long: what waits on it fails, and a busy end answers yet. */
const DEAD_MS = 30_000;
/** A sign may be late itself; the best of so many tells the other end's clock. */
const SIGNS_KEPT = 30;

/** The signs of life of one end: whether it answers, and what its clock says. */
export interface Heartbeat {
  readonly silent: boolean;
  /** There is a wire, on which nothing is due yet. */
  begin(): void;
  end(): void;
  /** Something came. `atMs`: what the other end's monotonic clock said when it sent it, where it was told. */
  heard(atMs?: number): void;
  /** What the other end's clock says now, or somewhat earlier; never later. Undefined while nobody knows. */
  theirNowMs(): number | undefined;
  close(): void;
}

export interface HeartbeatOptions {
  /** A clock that nobody sets. */
  readonly nowMs: () => number;
  readonly ask: () => void;
  readonly onSilent: (silent: boolean) => void;
  readonly onDead: () => void;
}

export function createHeartbeat({ nowMs, ask, onSilent, onDead }: HeartbeatOptions): Heartbeat {
  let on = false;
  let silent = false;
  let dueSinceMs: number | null = null;
  let lastTickMs = nowMs();
  let aheadMs: readonly number[] = [];

  function request(): void {
    dueSinceMs ??= nowMs();
    ask();
  }

  function say(next: boolean): void {
    if (silent === next) return;
    silent = next;
    onSilent(next);
  }

  function tick(): void {
    const [before, now] = [lastTickMs, nowMs()];
    lastTickMs = now;
    if (!on) return;
    // This end has slept, and what came meanwhile has not been read yet.
    if (now - before > 2 * EVERY_MS) dueSinceMs = null;
    const dueMs = dueSinceMs === null ? 0 : now - dueSinceMs;
    if (dueMs >= DEAD_MS) return onDead();
    if (dueMs >= SILENT_MS) say(true);
    request();
  }
  function later(): unknown {
    return setTimeout(() => {
      timer = later();
      tick();
    }, EVERY_MS);
  }
  let timer = later();

  return {
    get silent() {
      return silent;
    },
    begin() {
      on = true;
      aheadMs = [];
      dueSinceMs = null;
      say(false);
      request();
    },
    end() {
      on = false;
      say(false);
    },
    heard(atMs) {
      dueSinceMs = null;
      if (atMs !== undefined) aheadMs = [...aheadMs.slice(1 - SIGNS_KEPT), atMs - nowMs()];
      say(false);
    },
    theirNowMs: () => (aheadMs.length === 0 ? undefined : nowMs() + Math.max(...aheadMs)),
    close: () => clearTimeout(timer),
  };
}
