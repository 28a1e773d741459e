/** The running tasks of a device. Power-off waits until all have ended. */
export class Tasks {
  readonly #tasks = new Set<Promise<void>>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** Tracks a task. It normally fails only by abort at power-off; any other error is reported to `onError`. */
  track(work: Promise<void>): void {
    const task = work
      .catch((error: unknown) => {
        if (!(error instanceof Error && error.name === 'AbortError')) this.#onError(error);
      })
      .finally(() => this.#tasks.delete(task));
    this.#tasks.add(task);
  }

  async settled(): Promise<void> {
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
  }
}
