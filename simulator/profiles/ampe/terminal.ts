/** What a terminal keeps while it has power, beside the tasks under way. */
export class Terminal {
  /** Tasks that go on until they are ended, by what they do: listening, reading in a loop. */
  readonly #active = new Map<string, AbortController>();
  /** Requests that wait for a code, in their order. */
  readonly pendingCodeRequests: ((code: string) => void)[] = [];
  idCard = true;
  cpuCard = true;
  personInFront = true;
  secondaryScreen = false;
  /** `initFace` succeeded. */
  faceReady = false;
  /** The CPU card was read once, and has power since. */
  cardPowered = false;

  /** Begins something that another request ends; what went on under this name is ended. */
  begin(name: string, power: AbortSignal): AbortSignal {
    this.end(name);
    const control = new AbortController();
    this.#active.set(name, control);
    return AbortSignal.any([control.signal, power]);
  }

  /** False when nothing went on under this name. */
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
