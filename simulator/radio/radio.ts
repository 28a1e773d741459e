import type { Advertisement } from './advertising-reports.ts';

export interface ConnectionParameters {
  /** Connection interval in units of 1.25 ms. */
  readonly interval: number;
  readonly latency: number;
  /** Supervision timeout in units of 10 ms. */
  readonly timeout: number;
}

/** A controller as the others on the medium see it. */
export interface Radio {
  /** Six bytes in the order of the radio, the last first. */
  readonly address: Buffer;
  /** RSSI at which others receive it, in dBm. */
  rssiDbm(): number;
  /** Hears what another sends when it advertises once. */
  onAdvertisements(from: Radio, advertisements: readonly Advertisement[]): void;
  /** A central asks for a connection under its own handle; the handle at this end, or `null` when it is not to be had. */
  acceptConnection(central: Radio, centralHandle: number, parameters: ConnectionParameters): number | null;
  /** A packet of data on a connection of this end, with the flags of its handle word. */
  receiveData(handle: number, flags: number, data: Uint8Array): void;
  connectionUpdated(handle: number, parameters: ConnectionParameters): void;
  connectionEncrypted(handle: number): void;
  connectionLost(handle: number, reason: number): void;
}
