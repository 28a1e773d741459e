import type { DeviceContext } from '../../profiles/profile.ts';

const AWAKE_MS = 30_000;

/** A lock with a video stream sleeps to spare its battery: so long after the last stir, and until the next. */
export class Sleep {
  readonly #context: DeviceContext;
  readonly #power: AbortSignal;
  readonly #onChange: () => void;
  #awake = false;
  #stirred = new AbortController();

  constructor(context: DeviceContext, power: AbortSignal, onChange: () => void) {
    this.#context = context;
    this.#power = power;
    this.#onChange = onChange;
  }

  get awake(): boolean {
    return this.#awake;
  }

  /** Something needs the lock: it is awake from now on, for a while. */
  stir(track: (work: Promise<void>) => void): void {
    this.#stirred.abort();
    const stirred = new AbortController();
    this.#stirred = stirred;
    if (!this.#awake) {
      this.#awake = true;
      this.#onChange();
    }
    track(this.#doze(AbortSignal.any([stirred.signal, this.#power])));
  }

  async #doze(signal: AbortSignal): Promise<void> {
    await this.#context.wait(AWAKE_MS, signal);
    this.#awake = false;
    this.#onChange();
  }
}
