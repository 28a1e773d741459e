import type { BackupWorkState } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Clock } from '../../core/platform/index.ts';

const PROGRESS_INTERVAL_MS = 250;

type Running = BackupWorkState['running'][number];

/** The signal of one work, and the function that takes the part of it that is done, from 0 to 1. */
export interface WatchedReading {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number) => void;
}

/** Work on backups that pages watch and may cancel, with its progress. */
export class BackupWork {
  readonly #clock: Clock;
  readonly #publish: (state: BackupWorkState) => void;
  readonly #closing = new AbortController();
  readonly #running = new Map<number, Running>();
  readonly #tasks = new Set<Promise<unknown>>();
  #count = 0;

  constructor(clock: Clock, publish: (state: BackupWorkState) => void) {
    this.#clock = clock;
    this.#publish = publish;
  }

  state(): BackupWorkState {
    return { running: [...this.#running.values()] };
  }

  /** Does `work` with a signal that fires with the caller's signal and when the station closes. Faults: those of the work. */
  run<T>(
    about: Omit<Running, 'done'>,
    signal: AbortSignal,
    work: (reading: WatchedReading) => Promise<T>,
  ): Promise<T> {
    const task = this.#run(about, AbortSignal.any([signal, this.#closing.signal]), work);
    this.#tasks.add(task);
    const forget = (): void => void this.#tasks.delete(task);
    task.then(forget, forget);
    return task;
  }

  /** Aborts all work and waits until it has ended. */
  async close(): Promise<void> {
    this.#closing.abort(new Fault('cancelled', 'the station was closed'));
    await Promise.allSettled(this.#tasks);
  }

  async #run<T>(
    about: Omit<Running, 'done'>,
    signal: AbortSignal,
    work: (reading: WatchedReading) => Promise<T>,
  ): Promise<T> {
    const id = (this.#count += 1);
    let publishedAtMs = -Infinity;
    const onProgress = (done: number): void => {
      const running = { ...about, done: Math.min(1, Math.max(0, done)) };
      this.#running.set(id, running);
      if (this.#clock.monotonicMs() - publishedAtMs < PROGRESS_INTERVAL_MS) return;
      publishedAtMs = this.#clock.monotonicMs();
      this.#publish(this.state());
    };
    onProgress(0);
    try {
      return await work({ signal, onProgress });
    } finally {
      this.#running.delete(id);
      this.#publish(this.state());
    }
  }
}
