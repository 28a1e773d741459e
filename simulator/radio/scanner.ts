import { extendedReport, legacyReport, type Sighting } from './advertising-reports.ts';

/** What a controller listens for, in the old way or in the new one, whichever its host asked for last. */
export class Scanner {
  #on = false;
  #active = false;
  #extended = false;
  #filterDuplicates = false;
  readonly #seen = new Set<string>();

  set(active: boolean, extended: boolean): void {
    this.#active = active;
    this.#extended = extended;
  }

  enable(on: boolean, filterDuplicates: boolean, extended: boolean): void {
    this.#on = on;
    this.#filterDuplicates = filterDuplicates;
    this.#extended = extended;
    this.#seen.clear();
  }

  get on(): boolean {
    return this.#on;
  }

  /** The LE event for the host, or `null` when it does not get to hear of this. */
  report(sighting: Sighting): number[] | null {
    if (!this.#on || (sighting.kind === 'scan-response' && !this.#active)) return null;
    if (this.#filterDuplicates) {
      const { kind, address, data } = sighting;
      const key = `${kind} ${Buffer.from(address).toString('hex')} ${Buffer.from(data).toString('hex')}`;
      if (this.#seen.has(key)) return null;
      this.#seen.add(key);
    }
    return this.#extended ? extendedReport(sighting) : legacyReport(sighting);
  }
}
