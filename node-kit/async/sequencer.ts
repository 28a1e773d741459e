import { throwIfAborted } from '#shared/domain/fault.ts';
import { raceAbort } from './race-abort.ts';

/**
 * Runs asynchronous tasks one after another, in the order of the calls. A task that fails does not stop later tasks.
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
   * Runs `task` when all earlier tasks have ended; synchronously when there are none. A task whose signal fires before it
   * starts is never started, and its caller stops waiting at once; a task that has started is not aborted by the
   * sequencer.
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
      // Tasks after a cancelled one still wait for the tasks before it.
      if (isFirst) end();
      else void before?.then(end);
    }
  }

  /** Resolves when no task runs or waits. Never rejects. */
  async whenIdle(): Promise<void> {
    while (this.#last !== null) await this.#last;
  }
}

/**
 * A sequencer for each key: tasks of one key run one after another, tasks of different keys concurrently. A key is removed
 * when all its tasks have ended.
 *
 * ```ts
 * const ports = new KeyedSequencer<string>();
 * await ports.run('/dev/ttyUSB0', () => switchRelay(1));
 * ```
 */
export class KeyedSequencer<Key> {
  readonly #sequencers = new Map<Key, Sequencer>();

  /** As `Sequencer.run`, among the tasks of `key`. */
  run<T>(key: Key, task: () => T | Promise<T>, signal?: AbortSignal): Promise<T> {
    const existing = this.#sequencers.get(key);
    if (existing !== undefined) return existing.run(task, signal);
    const sequencer = new Sequencer();
    this.#sequencers.set(key, sequencer);
    const result = sequencer.run(task, signal);
    void this.#removeWhenIdle(key, sequencer);
    return result;
  }

  async #removeWhenIdle(key: Key, sequencer: Sequencer): Promise<void> {
    // Another task may have been added between the end of the last one and this statement.
    do await sequencer.whenIdle();
    while (!sequencer.isIdle);
    this.#sequencers.delete(key);
  }
}
