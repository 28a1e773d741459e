import { abortFault, throwIfAborted } from '#shared/domain/fault.ts';

/**
 * A number of permits; callers wait in order while none is free.
 *
 * ```ts
 * const connections = new Semaphore(8);
 * using _permit = await connections.acquire(signal);
 * ```
 */
export class Semaphore {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  /** @param permits how many may be held at a time, at least one */
  constructor(permits: number) {
    this.#free = permits;
  }

  /** Acquires a permit, which is released when it is disposed of. Faults: the signal's reason, or `cancelled`. */
  async acquire(signal: AbortSignal): Promise<Disposable> {
    throwIfAborted(signal);
    if (this.#free > 0) this.#free -= 1;
    else await this.#wait(signal);
    let held = true;
    return {
      [Symbol.dispose]: () => {
        if (!held) return;
        held = false;
        const next = this.#waiting.shift();
        if (next === undefined) this.#free += 1;
        else next();
      },
    };
  }

  async #wait(signal: AbortSignal): Promise<void> {
    const granted = Promise.withResolvers<void>();
    const stop = (): void => {
      const index = this.#waiting.indexOf(granted.resolve);
      if (index < 0) return;
      this.#waiting.splice(index, 1);
      granted.reject(abortFault(signal));
    };
    this.#waiting.push(granted.resolve);
    signal.addEventListener('abort', stop, { once: true });
    try {
      await granted.promise;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }
}
