import { extendedReport, legacyReport, type Advertisement } from './advertising-reports.ts';

/** Scans with the legacy or the extended commands, whichever the host used last. */
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

  /** The LE event for the host, or `null` when the advertisement is not reported. */
  report(advertisement: Advertisement): number[] | null {
    if (!this.#on || (advertisement.kind === 'scan-response' && !this.#active)) return null;
    if (this.#filterDuplicates) {
      const { kind, address, data } = advertisement;
      const key = `${kind} ${Buffer.from(address).toString('hex')} ${Buffer.from(data).toString('hex')}`;
      if (this.#seen.has(key)) return null;
      this.#seen.add(key);
    }
    return this.#extended ? extendedReport(advertisement) : legacyReport(advertisement);
  }
}
