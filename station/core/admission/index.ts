/** Whether a station may begin work: not any more from the moment at which its closing is decided. */
import { Fault } from '#shared/domain/fault.ts';

/**
 * Admits new work at one station. The decision that the station closes ends the admission, in the same turn of the
 * event loop in which the station was found idle, so that no work begins in between.
 */
export class Admission {
  #isEnded = false;

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Call it before work begins. Faults: `station-closing` after `end`. */
  require(): void {
    if (!this.#isEnded) return;
    throw new Fault('station-closing', 'the station is being closed and opened again', {
      hint: 'Nothing was begun. Wait until it is open again, then repeat this.',
    });
  }

  /** From now on no work begins at this station. */
  end(): void {
    this.#isEnded = true;
  }
}
