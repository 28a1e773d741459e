/** The most messages of one connection that are handled before other connections and the slots get time. */
const MESSAGES_PER_TICK = 16;
/** The most messages of one connection that may wait. Our own pages send tens at once. */
const MAX_WAITING = 1024;

/**
 * The received requests of one connection: handled in order, a few per tick of the event loop, and bounded in number.
 */
export class RequestQueue<M> {
  readonly #handle: (message: M) => void;
  readonly #hasCapacity: () => boolean;
  readonly #waiting: M[] = [];
  #leftInTick = MESSAGES_PER_TICK;
  #urgentInTick = 0;
  #isTickScheduled = false;

  /**
   * @param handle handles one message
   * @param hasCapacity false while too many calls are in progress to handle the next message
   */
  constructor(handle: (message: M) => void, hasCapacity: () => boolean) {
    this.#handle = handle;
    this.#hasCapacity = hasCapacity;
  }

  /** Adds a message. Returns false when too many wait: the connection must then be closed. */
  enqueue(message: M): boolean {
    if (this.#waiting.length >= MAX_WAITING) return false;
    this.#waiting.push(message);
    this.resume();
    return true;
  }

  /** Counts a message that the caller handles at once. Returns false when there are too many of them in one tick. */
  countUrgent(): boolean {
    this.#urgentInTick += 1;
    this.#scheduleTick();
    return this.#urgentInTick <= MAX_WAITING;
  }

  /** Removes the first waiting message that matches and returns it; `null` when there is none. */
  remove(matches: (message: M) => boolean): M | null {
    const at = this.#waiting.findIndex(matches);
    return at === -1 ? null : (this.#waiting.splice(at, 1)[0] ?? null);
  }

  /** Handles waiting messages as far as the capacity allows; to be called whenever a call has ended. */
  resume(): void {
    while (this.#leftInTick > 0 && this.#hasCapacity()) {
      const message = this.#waiting.shift();
      if (message === undefined) return;
      this.#leftInTick -= 1;
      this.#scheduleTick();
      this.#handle(message);
    }
  }

  /** Drops all waiting messages. */
  clear(): void {
    this.#waiting.length = 0;
  }

  /** The next tick starts after everything else that is due in the event loop. */
  #scheduleTick(): void {
    if (this.#isTickScheduled) return;
    this.#isTickScheduled = true;
    setTimeout(() => {
      this.#isTickScheduled = false;
      this.#leftInTick = MESSAGES_PER_TICK;
      this.#urgentInTick = 0;
      this.resume();
    }, 0);
  }
}
