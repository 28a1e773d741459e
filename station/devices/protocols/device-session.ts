import type { TextEncodingName } from '#shared/codec/text-encoding.ts';
import type { IdentityReading } from '#shared/domain/burn-decision.ts';
import type { ReadBackStrength } from '#shared/domain/read-back.ts';
import type { UnitIdKind } from '#shared/domain/unit-id.ts';
import type { IdentityName, Triple } from '#shared/domain/triple.ts';
import type { BleConnection, Clock } from '../../core/platform/index.ts';
import type { SecretMask } from '../../core/secret-mask/index.ts';
import type { ModuleWifi } from './module-wifi.ts';

/** The identification that a unit reports. */
export interface UnitInfo {
  /**
   * MAC or chip id, normalised: upper-case hex without separators. For a terminal it is made of the bytes of its serial
   * number, and then never has the 12 digits of a MAC.
   */
  readonly chipId: string;
  readonly model: string | null;
  readonly firmwareVersion: string | null;
  /** Kind of the identifier and its text as reported; when absent, the length tells a MAC from a chip id. */
  readonly id?: { readonly kind: UnitIdKind; readonly text: string | null } | undefined;
}

/** What a device can do besides being identified. */
export interface DeviceAbilities {
  /** It reports whether it logged in. */
  readonly login: boolean;
  /** It can forget its identity. */
  readonly erase: boolean;
}

/** A Bluetooth connection to the unit on the slot, made when it is first used. Faults: those of `BleCentral.connect` and of `work`. */
export interface GattLink {
  use<T>(work: (connection: BleConnection) => Promise<T>, signal: AbortSignal): Promise<T>;
  /**
   * Who the unit is, by `device.ble.identify`. Faults: `ble-unseen`, `ble-ambiguous`, `device-garbled`, those of the connection
   * where a characteristic is read.
   */
  identify(signal: AbortSignal): Promise<UnitInfo>;
}

/** Hears what a unit says over Bluetooth, in an exchange of the protocol and in a step. */
export interface ValueListener {
  hears(value: Uint8Array, service: string, characteristic: string): void;
  /** True for a characteristic whose notifications are heard until the connection ends. */
  isKept(service: string, characteristic: string): boolean;
}

/**
 * The protocol of the unit on a slot. Every method ends by its own limit or by the signal, whichever is first. Faults:
 * `device-silent`, `device-unreadable`, `device-rejected`, `device-garbled`, `echo-changed`, `echo-missing`, `port-lost`,
 * the signal's reason.
 */
export interface DeviceSession {
  readonly readBack: ReadBackStrength;
  readonly abilities: DeviceAbilities;
  identify(signal: AbortSignal): Promise<UnitInfo>;
  /** Reads the identity that the device holds and compares it with `expected` as far as the protocol allows. */
  readIdentity(expected: Triple | null, signal: AbortSignal): Promise<IdentityReading>;
  /** Checks lengths and alphabet of a triple for this device. Sends nothing. Faults: `bad-input`. */
  checkWritable(triple: Triple): void;
  /** Brings the device into a state in which it takes an identity. Sends nothing of the identity. */
  prepareWrite(signal: AbortSignal): Promise<void>;
  /** Writes the identity. After a fault only reading back shows what the device holds. */
  writeIdentity(triple: Triple, signal: AbortSignal): Promise<void>;
  /**
   * Gives the device its product's secret and its name, and has it register, so that it gets the DeviceSecret itself. After a fault
   * only reading back shows what the device holds. Absent for a device that cannot.
   */
  registerIdentity?(name: IdentityName, productSecret: string, signal: AbortSignal): Promise<void>;
  /** Erases the identity; the device may restart. Only reading back shows whether it did. */
  eraseIdentity(signal: AbortSignal): Promise<void>;
  /**
   * Starts the application of a unit whose boot loader was left running, because the port cannot start it again. Absent for a
   * device that is not reached through a boot loader.
   */
  leaveLoader?(signal: AbortSignal): Promise<void>;
  /** The device logs in to the cloud with what it holds. Faults: `not-online`. */
  goOnline(signal: AbortSignal): Promise<void>;
  goOffline(signal: AbortSignal): Promise<void>;
  /** Wi-Fi and server of a module. Absent for a device without commands for them. */
  readonly wifi?: ModuleWifi;
  /**
   * What the unit has said since its identity was read does not contradict it. A contradiction stays until the end of the session.
   * Sends nothing. Faults: `device-garbled`.
   */
  requireOneIdentity(): void;
  /** Gets every value that the unit says over Bluetooth; `null` when the protocol does not need them. */
  readonly values: ValueListener | null;
  /** Sends one line of the device's own command language; returns the lines of its answer. */
  command(line: string, options: { readonly timeoutMs: number }, signal: AbortSignal): Promise<string[]>;
}

export interface SessionOptions {
  readonly clock: Clock;
  readonly commandTimeoutMs: number;
  readonly region: string | null;
  /** How the unit writes its text; UTF-8 when left out. */
  readonly encoding?: TextEncodingName;
  /** Gets each secret before it is sent. */
  readonly mask: SecretMask;
}
