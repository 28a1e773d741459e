import { Fault } from '#shared/domain/fault.ts';
import { SYSTEM_TIMER, type Timer } from './delay.ts';

/** Abort reason of the timer of a deadline that was disposed of; shared, because creating an Error is expensive. */
const CLEARED = new Fault('cancelled', 'the deadline was cleared');

/**
 * A time limit for several waits, as a signal that fires when the time is over. Dispose of it when the work has ended.
 *
 * ```ts
 * using deadline = new Deadline(5000, () => new Fault('timeout', 'the step did not end in 5000 ms'), clock);
 * await perform(AbortSignal.any([signal, deadline.signal]));
 * ```
 */
export class Deadline implements Disposable {
  readonly #expired = new AbortController();
  readonly #cleared = new AbortController();

  /**
   * @param timeoutMs from now, by `timer`
   * @param reason makes the signal's reason when the time is over
   */
  constructor(timeoutMs: number, reason: () => Fault, timer: Timer = SYSTEM_TIMER) {
    timer.sleep(timeoutMs, this.#cleared.signal).then(
      () => this.#expired.abort(reason()),
      () => undefined,
    );
  }

  /** Fires when the time is over, with the deadline's reason; never after it was disposed of. */
  get signal(): AbortSignal {
    return this.#expired.signal;
  }

  [Symbol.dispose](): void {
    this.#cleared.abort(CLEARED);
  }
}
