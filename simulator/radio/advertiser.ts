import type { RadioModel } from './radio-model.ts';
import type { Advertisement } from './advertising-reports.ts';

/** Controllers may advertise every 20 ms at most. */
const MIN_INTERVAL_MS = 20;
/** `ADV_NONCONN_IND` and `ADV_SCAN_IND` take no connection. */
const CONNECTABLE_TYPES = 1;

/** Advertises at the interval that the host has set. */
export class Advertiser {
  data: Buffer = Buffer.alloc(0);
  scanResponse: Buffer = Buffer.alloc(0);
  readonly #radioModel: RadioModel;
  readonly #extended: () => Buffer | null;
  readonly #liveScanResponse: () => Buffer | null;
  readonly #liveAdvertisement: () => Buffer | null;
  readonly #send: () => void;
  #type = 0;
  #intervalMs = 100;
  #timer: NodeJS.Timeout | null = null;

  /**
   * `extended` gives the data of an extended advertisement besides the host's own. `liveScanResponse` and
   * `liveAdvertisement` replace the host's. `send` transmits the advertisements; it is called once per advertising event.
   */
  constructor(
    radioModel: RadioModel,
    {
      extended,
      liveScanResponse,
      liveAdvertisement,
    }: {
      readonly extended: () => Buffer | null;
      readonly liveScanResponse: () => Buffer | null;
      readonly liveAdvertisement: () => Buffer | null;
    },
    send: () => void,
  ) {
    this.#radioModel = radioModel;
    this.#extended = extended;
    this.#liveScanResponse = liveScanResponse;
    this.#liveAdvertisement = liveAdvertisement;
    this.#send = send;
  }

  get on(): boolean {
    return this.#timer !== null;
  }

  get connectable(): boolean {
    return this.on && this.#type <= CONNECTABLE_TYPES && this.#radioModel.transmits();
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

  /** The advertisements of one advertising event. Empty while advertising is off or the radio does not transmit. */
  advertisements(address: Buffer): Advertisement[] {
    if (!this.on || !this.#radioModel.transmits()) return [];
    const common = { type: this.#type, address, rssiDbm: this.#radioModel.rssiDbm() };
    const extended = this.#extended();
    const sent: Advertisement[] = extended === null ? [] : [{ ...common, kind: 'extended', data: extended }];
    sent.push({ ...common, kind: 'legacy', data: this.#liveAdvertisement() ?? this.data });
    const scanResponse = this.#liveScanResponse() ?? this.scanResponse;
    if (this.#type !== 3) sent.push({ ...common, kind: 'scan-response', data: scanResponse });
    return sent.filter(() => !this.#radioModel.losesAdvertisement());
  }
}
