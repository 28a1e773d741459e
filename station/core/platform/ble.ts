import type { Fault } from '#shared/domain/fault.ts';

/** What a unit says of itself to everybody, as heard once. */
export interface BleAdvertisement {
  /** `AA:BB:CC:DD:EE:FF`. */
  readonly address: string;
  readonly localName: string | null;
  /** As `normalizeUuid` writes them. */
  readonly serviceUuids: readonly string[];
  /** Company id (two bytes, low first) and data. */
  readonly manufacturerData: Uint8Array | null;
  readonly rssiDbm: number;
  /** Monotonic clock. */
  readonly atMs: number;
}

/** How long something on a link may take, and what ends it earlier. */
export interface BleLimits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface BleCharacteristic {
  readonly uuid: string;
  /** `read`, `write`, `writeWithoutResponse`, `notify`, `indicate`, … */
  readonly properties: readonly string[];
}

/**
 * A link to one unit. One thing at a time; what is asked meanwhile waits. Faults of every method: `ble-lost` when the
 * link breaks, `device-silent` when the unit does not answer in time (the link is given up then, because a late answer
 * could not be told from the next one), `ble-missing` and `ble-off` when it was the adapter; the signal's reason.
 * UUIDs as `normalizeUuid` writes them; one that the unit does not have is `device-rejected`.
 */
export interface BleConnection extends AsyncDisposable {
  readonly address: string;
  services(limits: BleLimits): Promise<readonly string[]>;
  characteristics(service: string, limits: BleLimits): Promise<readonly BleCharacteristic[]>;
  /** A value that the unit refuses to give is empty. */
  read(service: string, characteristic: string, limits: BleLimits): Promise<Uint8Array>;
  write(
    service: string,
    characteristic: string,
    bytes: Uint8Array,
    options: BleLimits & { readonly response: boolean },
  ): Promise<void>;
  /** From when it resolves, every notification goes to `listener`, until it is disposed of or the link ends. */
  subscribe(
    service: string,
    characteristic: string,
    listener: (value: Uint8Array) => void,
    limits: BleLimits,
  ): Promise<Disposable>;
  /** Strength of the link, dBm. */
  rssi(limits: BleLimits): Promise<number>;
  /** Called once when the link ends without having been asked to; at once when it has. */
  onLost(listener: (fault: Fault) => void): void;
}

/**
 * This computer's Bluetooth adapter, shared by all slots. Faults of every method: `ble-missing`, `ble-off`,
 * `ble-denied`, and the signal's reason.
 */
export interface BleCentral extends AsyncDisposable {
  /** Opens the adapter now, to know that it is there; else it is opened at first use. */
  ready(signal: AbortSignal): Promise<void>;
  /**
   * Listens for one address, until `hear` has heard enough (then true) or `withinMs` of listening are over (false).
   * While another slot connects nobody listens, and the time does not count.
   */
  listen(
    address: string,
    hear: (advertisement: BleAdvertisement) => boolean,
    limits: { readonly withinMs: number; readonly signal: AbortSignal },
  ): Promise<boolean>;
  /**
   * Makes a link; disposing of it ends it. Waits its turn without counting, where the adapter cannot have more links.
   * Faults: `ble-unseen` when the address is not heard in `timeoutMs`, `ble-lost` when it takes no link.
   */
  connect(address: string, limits: BleLimits): Promise<BleConnection>;
}
