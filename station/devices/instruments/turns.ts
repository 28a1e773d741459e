import { raceAbort } from '#node-kit/async/index.ts';
import { throwIfAborted } from '#shared/domain/fault.ts';

/** What one borrower has; disposing gives back the rest of it. */
export interface Turn extends Disposable {
  /** Gives back one of several things. */
  giveBack(key: string): void;
}

interface Waiter {
  readonly keys: ReadonlySet<string>;
  readonly grant: () => void;
}

/**
 * Things that are lent to one borrower at a time. Who needs several gets them together, so that no two borrowers wait for
 * each other. For each thing the borrowers have their turns in the order of their requests.
 *
 * ```ts
 * const turns = new Turns();
 * using turn = await turns.take(['psu', 'dmm'], () => showWaiting(), signal);
 * ```
 */
export class Turns {
  readonly #lent = new Set<string>();
  #waiting: Waiter[] = [];

  /** True when it is lent now. */
  isLent(key: string): boolean {
    return this.#lent.has(key);
  }

  /**
   * Takes everything in `keys`; disposing of the result gives it back. `onWait` is called when it is not free at once.
   * Faults: the signal's reason.
   */
  async take(keys: Iterable<string>, onWait: () => void, signal: AbortSignal): Promise<Turn> {
    throwIfAborted(signal);
    const granted = Promise.withResolvers<void>();
    let isGranted = false;
    const waiter: Waiter = {
      keys: new Set(keys),
      grant: () => {
        isGranted = true;
        granted.resolve();
      },
    };
    this.#waiting.push(waiter);
    this.#grantFree();
    if (!isGranted) {
      onWait();
      try {
        await raceAbort(granted.promise, signal);
      } catch (error) {
        // It may have been granted while the signal fired.
        this.#waiting = this.#waiting.filter((other) => other !== waiter);
        if (isGranted) this.#giveBack(waiter.keys);
        else this.#grantFree();
        throw error;
      }
    }
    const held = new Set(waiter.keys);
    return {
      giveBack: (key) => {
        if (held.delete(key)) this.#giveBack([key]);
      },
      [Symbol.dispose]: () => {
        const rest = [...held];
        held.clear();
        this.#giveBack(rest);
      },
    };
  }

  #giveBack(keys: Iterable<string>): void {
    for (const key of keys) this.#lent.delete(key);
    this.#grantFree();
  }

  /** In order: what an earlier borrower waits for is not lent to a later one. */
  #grantFree(): void {
    const claimed = new Set(this.#lent);
    const rest: Waiter[] = [];
    const free: Waiter[] = [];
    for (const waiter of this.#waiting) {
      const keys = [...waiter.keys];
      if (keys.some((key) => claimed.has(key))) rest.push(waiter);
      else free.push(waiter);
      for (const key of keys) claimed.add(key);
    }
    this.#waiting = rest;
    for (const { keys, grant } of free) {
      for (const key of keys) this.#lent.add(key);
      grant();
    }
  }
}
