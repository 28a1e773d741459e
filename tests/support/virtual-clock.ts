import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../station/core/platform/index.ts';

/** Turns of the event loop without a new sleeper after which nothing is left to do but to let time pass. */
const IDLE_TURNS = 4;

/**
 * A clock for work that has no input from outside this process: when all of it waits, time jumps to the end of the shortest
 * wait. A transfer with limits of minutes ends in milliseconds, the same on any machine.
 */
export class VirtualClock implements Clock, Disposable {
  readonly #sleepers = new Set<{ readonly untilMs: number; readonly wake: () => void }>();
  #nowMs = 1_000;
  #activity = 0;
  #closed = false;

  constructor() {
    void this.#advance();
  }

  nowMs(): number {
    return Date.UTC(2026, 10, 21, 8) + this.#nowMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  sleep = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error);
      this.#activity += 1;
      const sleeper = { untilMs: this.#nowMs + ms, wake: () => end(resolve) };
      const end = (settle: () => void): void => {
        this.#sleepers.delete(sleeper);
        signal.removeEventListener('abort', stop);
        settle();
      };
      const stop = (): void => end(() => reject(signal.reason as Error));
      this.#sleepers.add(sleeper);
      signal.addEventListener('abort', stop, { once: true });
    });

  [Symbol.dispose](): void {
    this.#closed = true;
  }

  async #advance(): Promise<void> {
    for (let idle = 0; !this.#closed;) {
      const before = this.#activity;
      await nextTurn();
      idle = before === this.#activity ? idle + 1 : 0;
      if (idle < IDLE_TURNS || this.#sleepers.size === 0) continue;
      const [first] = [...this.#sleepers].sort((a, b) => a.untilMs - b.untilMs);
      if (first === undefined) continue;
      this.#nowMs = Math.max(this.#nowMs, first.untilMs);
      idle = 0;
      first.wake();
    }
  }
}
