import type { Fault } from '#shared/domain/fault.ts';

/** One received advertisement of a unit. */
export interface BleAdvertisement {
  /** `AA:BB:CC:DD:EE:FF`. */
  readonly address: string;
  readonly localName: string | null;
  /** In the form of `normalizeUuid`. */
  readonly serviceUuids: readonly string[];
  /** Company id (two bytes, low first) and data. */
  readonly manufacturerData: Uint8Array | null;
  readonly rssiDbm: number;
  /** Monotonic clock. */
  readonly atMs: number;
}

/** Limit of an operation and the signal that ends it earlier. */
export interface BleLimits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface BleWriteOptions {
  /** False: a write without response. */
  readonly response: boolean;
  /** The bytes hold a secret, or content that is kept elsewhere: a recording has asterisks in their place. Default false. */
  readonly secret?: boolean;
}

export interface BleCharacteristic {
  readonly uuid: string;
  /** `read`, `write`, `writeWithoutResponse`, `notify`, `indicate`, … */
  readonly properties: readonly string[];
}

/**
 * A connection to one unit. Operations are performed one at a time, in order. Faults of every method: `ble-lost` when the
 * connection breaks; `device-silent` when the unit does not answer in time, after which the connection is closed, because
 * a late answer cannot be distinguished from the next one; `ble-missing` and `ble-off` when the adapter failed; the signal's
 * reason. UUIDs are in the form of `normalizeUuid`; one that the unit does not have is `device-rejected`.
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
    options: BleLimits & BleWriteOptions,
  ): Promise<void>;
  /** Passes every notification to `listener`, from when it resolves until it is disposed of or the connection ends. */
  subscribe(
    service: string,
    characteristic: string,
    listener: (value: Uint8Array) => void,
    limits: BleLimits,
  ): Promise<Disposable>;
  /** Signal strength, dBm. */
  rssi(limits: BleLimits): Promise<number>;
  /** The MTU that both sides use, in bytes: 23 to 517; 23, the least of all, where the system does not tell it. */
  mtu(limits: BleLimits): Promise<number>;
  /** Calls `listener` once when the connection ends without being closed, at once when it has. */
  onLost(listener: (fault: Fault) => void): void;
}

/** How a unit is found whose address is not known. */
export interface BleSearch {
  /** Identifies the search in recordings. */
  readonly key: string;
  /** Whether a unit may be the wanted one, by all that it has advertised so far. */
  fits(advertisement: BleAdvertisement): boolean;
  /** A value that is read from each unit that fits; null when no unit is asked. */
  readonly question: {
    readonly service: string;
    readonly characteristic: string;
    /** Whether the value is that of the wanted unit. */
    isAnswer(value: Uint8Array): boolean;
  } | null;
  /** How long a second unit that fits is looked for, where no unit is asked. */
  readonly aloneMs: number;
}

/** A unit that was found, and what was asked of others on the way. */
export interface BleFound {
  /** For `scan` and `connect`; on macOS an id instead of an address. */
  readonly address: string;
  /** The units that were asked, with their values in hex; null where the unit gave none. */
  readonly asked: readonly { readonly address: string; readonly value: string | null }[];
}

/** Which unit a slot takes that finds its units by what they advertise. */
export interface BleSelection {
  /** Identifies the selection in recordings. */
  readonly key: string;
  /** Whether a unit may be the wanted one, by all that it has advertised so far. */
  fits(advertisement: BleAdvertisement): boolean;
  readonly minRssiDbm: number;
  /** How much stronger than the second one the strongest must be. */
  readonly marginDb: number;
  /** How long units are compared after the first that fits. */
  readonly listenMs: number;
}

/** A unit that no other slot is given until this is disposed of. */
export interface BleTaken extends Disposable {
  readonly advertisement: BleAdvertisement;
}

/**
 * The Bluetooth adapter of this computer, shared by all slots. Faults of every method: `ble-missing`, `ble-off`,
 * `ble-denied`, and the signal's reason.
 */
export interface BleCentral extends AsyncDisposable {
  /** Opens the adapter now, to find out whether it works; else it is opened at first use. */
  ready(signal: AbortSignal): Promise<void>;
  /**
   * Receives the advertisements of one address (with `null` of all) until `onAdvertisement` returns true (then true) or `timeoutMs` of scanning
   * have passed (false). There is no scan while a slot connects, and that time does not count.
   */
  scan(
    address: string | null,
    onAdvertisement: (advertisement: BleAdvertisement) => boolean,
    limits: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ): Promise<boolean>;
  /**
   * Finds a unit by what it advertises and answers. Faults: `ble-unseen` when no unit fits in `timeoutMs` of scanning,
   * `ble-ambiguous` when two do.
   */
  find(search: BleSearch, limits: BleLimits): Promise<BleFound>;
  /**
   * Takes the strongest unit that fits, among those that no other slot has taken. Faults: `ble-unseen` when none fits in
   * `timeoutMs` of scanning, `ble-ambiguous` when a second one is about as strong.
   */
  take(selection: BleSelection, limits: BleLimits): Promise<BleTaken>;
  /**
   * Connects to a unit; disposing of the connection closes it. Waits, without counting the time, while the adapter cannot
   * have more connections. Faults: `ble-unseen` when the address does not advertise in `timeoutMs`, `ble-lost` when the
   * unit does not accept the connection. `mtu`: the MTU to ask for, 23 to 517 bytes; 256 when left out. Systems that
   * negotiate it themselves (macOS, Windows) ask for their own.
   */
  connect(address: string, limits: BleLimits & { readonly mtu?: number | undefined }): Promise<BleConnection>;
}
