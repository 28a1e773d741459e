/** Everything that a device has under way, so that power-off can wait until it is really still. */
export class Tasks {
  readonly #tasks = new Set<Promise<void>>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** Power going is the usual end of a task; any other is a defect of the simulator and is told to the bench. */
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
