/** Interval between two heartbeat requests. */
const INTERVAL_MS = 1_000;
/** A peer without an answer for this long is reported as silent; the connection stays open. */
const SILENT_AFTER_MS = 3_000;
/** A peer without an answer for this long is given up. Long, because pending calls fail then and a busy peer recovers. */
const DEAD_AFTER_MS = 30_000;
/** The peer's clock is estimated from the fastest of this many answers, because single answers may be delayed. */
const CLOCK_SAMPLES = 30;

export interface HeartbeatOptions {
  /** Monotonic clock, ms. */
  readonly nowMs: () => number;
  /** Sends a heartbeat request to the peer. */
  readonly request: () => void;
  readonly onSilentChange: (silent: boolean) => void;
  readonly onDead: () => void;
}

/** Asks the peer of a connection for heartbeats: whether it answers, and the time of its clock. */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #isConnected = false;
  #isSilent = false;
  /** When the oldest unanswered request was sent; `null` when none is unanswered. */
  #unansweredSinceMs: number | null = null;
  #lastTickMs: number;
  /** How far the peer's clock is ahead of this one, per answer. */
  #offsetsMs: readonly number[] = [];
  #timer: ReturnType<typeof setTimeout>;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#lastTickMs = options.nowMs();
    this.#timer = this.#schedule();
  }

  get silent(): boolean {
    return this.#isSilent;
  }

  /** Starts with a new connection. */
  connected(): void {
    this.#isConnected = true;
    this.#offsetsMs = [];
    this.#unansweredSinceMs = null;
    this.#setSilent(false);
    this.#request();
  }

  disconnected(): void {
    this.#isConnected = false;
    this.#setSilent(false);
  }

  /**
   * To be called for each message of the peer.
   *
   * @param peerNowMs the peer's monotonic clock when it sent the message, if the message has it
   */
  received(peerNowMs?: number): void {
    this.#unansweredSinceMs = null;
    if (peerNowMs !== undefined)
      this.#offsetsMs = [...this.#offsetsMs.slice(1 - CLOCK_SAMPLES), peerNowMs - this.#options.nowMs()];
    this.#setSilent(false);
  }

  /** The peer's monotonic clock now, or an earlier time, never a later one; `undefined` before the first answer. */
  peerNowMs(): number | undefined {
    return this.#offsetsMs.length === 0 ? undefined : this.#options.nowMs() + Math.max(...this.#offsetsMs);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #request(): void {
    this.#unansweredSinceMs ??= this.#options.nowMs();
    this.#options.request();
  }

  #setSilent(silent: boolean): void {
    if (this.#isSilent === silent) return;
    this.#isSilent = silent;
    this.#options.onSilentChange(silent);
  }

  #tick(): void {
    const [previousMs, nowMs] = [this.#lastTickMs, this.#options.nowMs()];
    this.#lastTickMs = nowMs;
    if (!this.#isConnected) return;
    // This process was suspended: answers that arrived meanwhile are not read yet.
    if (nowMs - previousMs > 2 * INTERVAL_MS) this.#unansweredSinceMs = null;
    const unansweredMs = this.#unansweredSinceMs === null ? 0 : nowMs - this.#unansweredSinceMs;
    if (unansweredMs >= DEAD_AFTER_MS) return this.#options.onDead();
    if (unansweredMs >= SILENT_AFTER_MS) this.#setSilent(true);
    this.#request();
  }

  #schedule(): ReturnType<typeof setTimeout> {
    return setTimeout(() => {
      this.#timer = this.#schedule();
      this.#tick();
    }, INTERVAL_MS);
  }
}
