import type { DeviceContext } from '../../profiles/profile.ts';

const AWAKE_MS = 30_000;

/** The sleep of a lock with a video stream, which saves battery: it falls asleep a time after the last `wake`. */
export class Sleep {
  readonly #context: DeviceContext;
  readonly #power: AbortSignal;
  readonly #onChange: () => void;
  #awake = false;
  #timer = new AbortController();

  constructor(context: DeviceContext, power: AbortSignal, onChange: () => void) {
    this.#context = context;
    this.#power = power;
    this.#onChange = onChange;
  }

  get awake(): boolean {
    return this.#awake;
  }

  /** Wakes the lock and restarts the time until it sleeps. */
  wake(track: (work: Promise<void>) => void): void {
    this.#timer.abort();
    const timer = new AbortController();
    this.#timer = timer;
    if (!this.#awake) {
      this.#awake = true;
      this.#onChange();
    }
    track(this.#sleepAfterTimeout(AbortSignal.any([timer.signal, this.#power])));
  }

  async #sleepAfterTimeout(signal: AbortSignal): Promise<void> {
    await this.#context.wait(AWAKE_MS, signal);
    this.#awake = false;
    this.#onChange();
  }
}
