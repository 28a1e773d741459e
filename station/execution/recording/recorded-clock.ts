import type { Clock } from '../../core/platform/index.ts';

/**
 * The clock that a recorded run gets: monotonic from 0, in hundredths of a millisecond, so that a replay can return the
 * same values. It stores the returned values for the next entry of the recording.
 */
export class RecordedClock implements Clock {
  readonly #real: Clock;
  readonly #startedAtMs: number;
  readonly #startedMs: number;
  readonly #onElapsed: (timer: number, durationMs: number) => void;
  #monotonic: number[] = [];
  #wall: number[] = [];
  #timers = 0;

  /**
   * @param startedAtMs wall clock at the beginning of the recording
   * @param onElapsed called when a wait ended by time, with its number and length
   */
  constructor(real: Clock, startedAtMs: number, onElapsed: (timer: number, durationMs: number) => void) {
    this.#real = real;
    this.#startedAtMs = startedAtMs;
    this.#startedMs = real.monotonicMs();
    this.#onElapsed = onElapsed;
  }

  /** How many waits were started. */
  get timers(): number {
    return this.#timers;
  }

  nowMs(): number {
    const nowMs = this.#real.nowMs();
    this.#wall.push(nowMs - this.#startedAtMs);
    return nowMs;
  }

  monotonicMs(): number {
    const nowMs = this.elapsedMs();
    this.#monotonic.push(nowMs);
    return nowMs;
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    const timer = this.#timers;
    this.#timers += 1;
    await this.#real.sleep(ms, signal);
    this.#onElapsed(timer, ms);
  }

  /** Time since the recording began; not a read of the run. */
  elapsedMs(): number {
    return Math.round((this.#real.monotonicMs() - this.#startedMs) * 100) / 100;
  }

  /** What the run read since the last call. */
  takeReads(): { readonly clock?: readonly number[]; readonly wallClock?: readonly number[] } {
    const reads = {
      ...(this.#monotonic.length === 0 ? {} : { clock: this.#monotonic }),
      ...(this.#wall.length === 0 ? {} : { wallClock: this.#wall }),
    };
    this.#monotonic = [];
    this.#wall = [];
    return reads;
  }
}
