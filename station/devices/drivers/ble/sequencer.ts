import { throwIfAborted } from '#shared/domain/fault.ts';

/** A number of places; who finds none waits in order. */
export class Yielder {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(places: number) {
    this.#free = places;
  }

  /** A place, until it is disposed of. Faults with the reason of the first signal that fires. */
  async take(signals: readonly AbortSignal[]): Promise<Disposable> {
    const signal = AbortSignal.any([...signals]);
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
    const turn = Promise.withResolvers<void>();
    const stop = (): void => {
      const at = this.#waiting.indexOf(turn.resolve);
      if (at < 0) return;
      this.#waiting.splice(at, 1);
      try {
        throwIfAborted(signal);
      } catch (reason) {
        turn.reject(reason);
      }
    };
    this.#waiting.push(turn.resolve);
    signal.addEventListener('abort', stop, { once: true });
    try {
      await turn.promise;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }
}
