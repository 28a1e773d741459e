import type { Sighting } from './advertising-reports.ts';

export interface LinkTerms {
  /** In units of 1.25 ms. */
  readonly interval: number;
  readonly latency: number;
  /** Supervision timeout in units of 10 ms. */
  readonly timeout: number;
}

/** A controller as the others in the air know it. */
export interface Airborne {
  /** Six bytes, as on air. */
  readonly address: Buffer;
  /** Strength with which others hear it, dBm. */
  rssiDbm(): number;
  /** Hears what another sends when it advertises once. */
  hear(from: Airborne, sightings: readonly Sighting[]): void;
  /** A central asks for a link under its own handle; the handle at this end, or `null` when it is not to be had. */
  accept(central: Airborne, centralHandle: number, terms: LinkTerms): number | null;
  /** A packet of data on a link of this end, with the flags of its handle word. */
  deliver(handle: number, flags: number, data: Uint8Array): void;
  linkUpdated(handle: number, terms: LinkTerms): void;
  linkEncrypted(handle: number): void;
  linkLost(handle: number, reason: number): void;
}
