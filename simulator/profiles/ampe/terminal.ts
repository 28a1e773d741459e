/** What a terminal keeps while it has power, beside the tasks under way. */
export class Terminal {
  /** Tasks that go on until they are ended, by what they do: scanning, listening, reading in a loop. */
  readonly #going = new Map<string, AbortController>();
  /** Where a scanned code goes; `null` while nobody wants one. */
  onCode: ((code: string) => void) | null = null;
  idCard = true;
  cpuCard = true;
  personInFront = true;
  secondaryScreen = false;
  socialSecurityConfigured = false;

  /** Begins something that another request ends; what went on under this name is ended. */
  begin(name: string, power: AbortSignal): AbortSignal {
    this.end(name);
    const control = new AbortController();
    this.#going.set(name, control);
    return AbortSignal.any([control.signal, power]);
  }

  /** False when nothing went on under this name. */
  end(name: string): boolean {
    const control = this.#going.get(name);
    this.#going.delete(name);
    control?.abort();
    return control !== undefined;
  }

  goesOn(name: string): boolean {
    return this.#going.has(name);
  }
}
