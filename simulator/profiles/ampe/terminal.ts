/** The state of a terminal from power-on to power-off. */
export class Terminal {
  /** Continuous tasks by name, for example listeners and read loops. */
  readonly #active = new Map<string, AbortController>();
  /** Requests that wait for a code, in order. */
  readonly pendingCodeRequests: ((code: string) => void)[] = [];
  idCard = true;
  cpuCard = true;
  personInFront = true;
  secondaryScreen = false;
  /** `initFace` succeeded. */
  faceReady = false;
  /** Whether the CPU card has power, because it was read once. */
  cardPowered = false;

  /** Starts a continuous task and ends the previous one of this name. Returns its signal. */
  start(name: string, power: AbortSignal): AbortSignal {
    this.end(name);
    const control = new AbortController();
    this.#active.set(name, control);
    return AbortSignal.any([control.signal, power]);
  }

  /** Ends a continuous task. Returns false when none of this name was running. */
  end(name: string): boolean {
    const control = this.#active.get(name);
    this.#active.delete(name);
    control?.abort();
    return control !== undefined;
  }

  isActive(name: string): boolean {
    return this.#active.has(name);
  }
}
