import { throwIfAborted } from '#shared/domain/fault.ts';
import { raceAbort } from './race-abort.ts';

/**
 * Runs asynchronous tasks one after another, in the order they were given. A task that fails does not stop those behind
 * it.
 *
 * ```ts
 * const writes = new Sequencer();
 * await Promise.all([writes.run(() => save(first)), writes.run(() => save(second))]); // first, then second
 * ```
 */
export class Sequencer {
  #last: Promise<void> | null = null;

  /** True when no task runs or waits. */
  get isIdle(): boolean {
    return this.#last === null;
  }

  /**
   * Runs `task` when all tasks before it have ended; at once, before this returns, when there are none. A task whose
   * signal fires before it began never begins, and its caller stops waiting at once; one that has begun is not ended by
   * the sequencer.
   * Faults: those of the task; the signal's reason, or `cancelled`.
   */
  async run<T>(task: () => T | Promise<T>, signal?: AbortSignal): Promise<T> {
    const before = this.#last;
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    this.#last = ended;
    const end = (): void => {
      if (this.#last === ended) this.#last = null;
      resolve();
    };
    let isFirst = before === null;
    try {
      if (before !== null) await raceAbort(before, signal);
      isFirst = true;
      if (signal !== undefined) throwIfAborted(signal);
      return await task();
    } finally {
      // Those behind a task that left the queue still wait for those before it.
      if (isFirst) end();
      else void before?.then(end);
    }
  }

  /** Resolves when the tasks given so far have ended, and those given meanwhile. Never rejects. */
  async whenIdle(): Promise<void> {
    while (this.#last !== null) await this.#last;
  }
}

/**
 * A sequencer for each key: tasks under one key run one after another, tasks under different keys side by side. Keeps
 * nothing of a key whose tasks have all ended.
 *
 * ```ts
 * const ports = new KeyedSequencer<string>();
 * await ports.run('/dev/ttyUSB0', () => switchRelay(1));
 * ```
 */
export class KeyedSequencer<Key> {
  readonly #sequencers = new Map<Key, Sequencer>();

  /** As `Sequencer.run`, among the tasks under `key`. */
  run<T>(key: Key, task: () => T | Promise<T>, signal?: AbortSignal): Promise<T> {
    const known = this.#sequencers.get(key);
    if (known !== undefined) return known.run(task, signal);
    const sequencer = new Sequencer();
    this.#sequencers.set(key, sequencer);
    const result = sequencer.run(task, signal);
    void this.#forgetWhenIdle(key, sequencer);
    return result;
  }

  async #forgetWhenIdle(key: Key, sequencer: Sequencer): Promise<void> {
    // Another task may have come between the end of the last one and this line.
    do await sequencer.whenIdle();
    while (!sequencer.isIdle);
    this.#sequencers.delete(key);
  }
}
