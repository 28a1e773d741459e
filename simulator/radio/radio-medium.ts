import type { Airborne } from './radio.ts';

export interface AirOptions {
  /** Factor on the time after which a broken link is noticed (its supervision timeout): 1 is as on air, 0 at once. */
  readonly timeScale?: number;
}

/** The air of one room: everything in it hears everything else. Disposing ends what lives in it. */
export class VirtualAir implements AsyncDisposable {
  readonly timeScale: number;
  readonly #controllers = new Set<Airborne>();
  readonly #lodgers = new Set<() => Promise<void> | void>();

  constructor(options: AirOptions = {}) {
    this.timeScale = options.timeScale ?? 1;
  }

  enter(controller: Airborne): void {
    this.#controllers.add(controller);
  }

  leave(controller: Airborne): void {
    this.#controllers.delete(controller);
  }

  others(than: Airborne): Airborne[] {
    return [...this.#controllers].filter((controller) => controller !== than);
  }

  /** Something that has to end with the air; returns the way to take it back. */
  onDispose(end: () => Promise<void> | void): () => void {
    this.#lodgers.add(end);
    return () => void this.#lodgers.delete(end);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const lodgers = [...this.#lodgers];
    this.#lodgers.clear();
    await Promise.all(lodgers.map((end) => end()));
    this.#controllers.clear();
  }
}
