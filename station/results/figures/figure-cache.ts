import type { CountedUnits } from '../../core/database/index.ts';

/**
 * The stored units of one whole batch. They change when facts are written, every 200 runs, while the figures of the active batch
 * are read every second.
 */
export class FigureCache {
  #key = '';
  #units: readonly CountedUnits[] = [];

  /** @param progress up to which row facts are stored */
  units(batch: number, progress: number, read: () => readonly CountedUnits[]): readonly CountedUnits[] {
    const key = `${batch}/${progress}`;
    if (this.#key !== key) [this.#key, this.#units] = [key, read()];
    return this.#units;
  }
}
