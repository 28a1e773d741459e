import { Fault } from '#shared/domain/fault.ts';
import { SYSTEM_TIMER, type Timer } from './delay.ts';

/** Abort reason of the timer of a deadline that was disposed of; shared, because creating an Error is expensive. */
const CLEARED = new Fault('cancelled', 'the deadline was cleared');

/**
 * A time limit for several waits, as a signal that fires when the time is over or when an outer signal fires. Dispose of
 * it when the work has ended. It costs a third of `AbortSignal.any`, which keeps weak references for each signal.
 *
 * ```ts
 * const late = () => new Fault('timeout', 'the step did not end in 5000 ms');
 * using deadline = new Deadline(5000, late, { timer: clock, signal });
 * await perform(deadline.signal);
 * ```
 */
export class Deadline implements Disposable {
  readonly #ended = new AbortController();
  readonly #cleared = new AbortController();
  readonly #outer: AbortSignal | undefined;

  /**
   * @param timeoutMs from now, by the timer
   * @param reason makes the signal's reason when the time is over
   */
  constructor(
    timeoutMs: number,
    reason: () => Fault,
    {
      timer = SYSTEM_TIMER,
      signal,
    }: { readonly timer?: Timer; readonly signal?: AbortSignal | undefined } = {},
  ) {
    this.#outer = signal;
    if (signal?.aborted === true) this.#endByOuter();
    else signal?.addEventListener('abort', this.#endByOuter, { once: true });
    timer.sleep(timeoutMs, this.#cleared.signal).then(
      () => this.#ended.abort(reason()),
      () => undefined,
    );
  }

  /**
   * Fires when the time is over, with the deadline's reason, or with the outer signal, with its reason; never after the
   * deadline was disposed of.
   */
  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  [Symbol.dispose](): void {
    this.#outer?.removeEventListener('abort', this.#endByOuter);
    this.#cleared.abort(CLEARED);
  }

  readonly #endByOuter = (): void => this.#ended.abort(this.#outer?.reason);
}
