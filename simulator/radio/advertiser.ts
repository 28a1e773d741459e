import type { Antenna } from './radio-model.ts';
import type { Sighting } from './advertising-reports.ts';

/** Controllers may advertise every 20 ms at most. */
const MIN_INTERVAL_MS = 20;
/** `ADV_NONCONN_IND` and `ADV_SCAN_IND` take no connection. */
const CONNECTABLE_TYPES = 1;

/** What a controller advertises, and when. */
export class Advertiser {
  data: Buffer = Buffer.alloc(0);
  scanResponse: Buffer = Buffer.alloc(0);
  readonly #antenna: Antenna;
  readonly #extended: () => Buffer | null;
  readonly #liveScanResponse: () => Buffer | null;
  readonly #send: () => void;
  #type = 0;
  #intervalMs = 100;
  #timer: NodeJS.Timeout | null = null;

  /**
   * `extended` is what a second, extended advertisement says beside the host's own; `liveScanResponse` stands in for the
   * host's scan response; `send` puts it all on air.
   */
  constructor(
    antenna: Antenna,
    {
      extended,
      liveScanResponse,
    }: { readonly extended: () => Buffer | null; readonly liveScanResponse: () => Buffer | null },
    send: () => void,
  ) {
    this.#antenna = antenna;
    this.#extended = extended;
    this.#liveScanResponse = liveScanResponse;
    this.#send = send;
  }

  get on(): boolean {
    return this.#timer !== null;
  }

  get connectable(): boolean {
    return this.on && this.#type <= CONNECTABLE_TYPES && this.#antenna.transmits();
  }

  set(intervalMs: number, type: number): void {
    this.#intervalMs = Math.max(MIN_INTERVAL_MS, intervalMs);
    this.#type = type;
  }

  start(): void {
    this.stop();
    this.#timer = setInterval(this.#send, this.#intervalMs);
    this.#timer.unref();
    this.#send();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** One advertising event; nothing while it is off or its antenna is dead. */
  sightings(address: Buffer): Sighting[] {
    if (!this.on || !this.#antenna.transmits()) return [];
    const common = { type: this.#type, address, rssiDbm: this.#antenna.rssiDbm() };
    const extended = this.#extended();
    const sent: Sighting[] = extended === null ? [] : [{ ...common, kind: 'extended', data: extended }];
    sent.push({ ...common, kind: 'legacy', data: this.data });
    const scanResponse = this.#liveScanResponse() ?? this.scanResponse;
    if (this.#type !== 3) sent.push({ ...common, kind: 'scan-response', data: scanResponse });
    return sent;
  }
}
