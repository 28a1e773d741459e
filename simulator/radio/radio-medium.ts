import type { Radio } from './radio.ts';

export interface RadioMediumOptions {
  /** Factor on the supervision timeout of broken connections: 1 as specified, 0 at once. */
  readonly timeScale?: number;
}

/** The shared radio medium of one simulator: each controller receives all others. Disposing it closes all of them. */
export class RadioMedium implements AsyncDisposable {
  readonly timeScale: number;
  readonly #controllers = new Set<Radio>();
  readonly #disposers = new Set<() => Promise<void> | void>();

  constructor(options: RadioMediumOptions = {}) {
    this.timeScale = options.timeScale ?? 1;
  }

  add(controller: Radio): void {
    this.#controllers.add(controller);
  }

  remove(controller: Radio): void {
    this.#controllers.delete(controller);
  }

  othersThan(controller: Radio): Radio[] {
    return [...this.#controllers].filter((other) => other !== controller);
  }

  /** Registers a function that is called on disposal. Returns the function that removes it. */
  onDispose(end: () => Promise<void> | void): () => void {
    this.#disposers.add(end);
    return () => void this.#disposers.delete(end);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const disposers = [...this.#disposers];
    this.#disposers.clear();
    await Promise.all(disposers.map((end) => end()));
    this.#controllers.clear();
  }
}
