import type { RadioMedium } from '../radio/index.ts';
import type { UnitSockets, WifiAir } from '../air/index.ts';
import type { ActiveFaults } from '../faults/index.ts';
import type { NorFlash, UnitFlash } from '../flash/index.ts';
import type { Random } from '../platform/index.ts';
import type { ControlLines } from '../serial-line/index.ts';
import type { Stimulus } from './stimulus.ts';

export type { ControlLines } from '../serial-line/index.ts';
export type { Stimulus } from './stimulus.ts';

/** The environment of a simulated device: flash, faults, time, randomness and serial line. */
export interface DeviceContext {
  /** Number of the unit in its simulator, from 1. */
  readonly unit: number;
  readonly mac: string;
  readonly serialNumber: string;
  readonly flash: UnitFlash;
  readonly faults: ActiveFaults;
  readonly random: Random;
  /** The dialect of replies, for families with several. */
  readonly dialect: DialectChoice;
  /** URL of the MQTT broker in place of the cloud; `null` when the unit has no network. */
  readonly mqttUrl: string | null;
  /** URL of the HTTP service of dynamic registration in place of the cloud's gateway; `null` when the unit cannot reach one. */
  readonly gatewayUrl: string | null;
  /** The radio medium for Bluetooth; `null` without Bluetooth. */
  readonly radioMedium: RadioMedium | null;
  /** The Wi-Fi networks in range. */
  readonly wifi: WifiAir;
  /** UDP ports of the unit; `null` where no app can reach it. */
  readonly sockets: UnitSockets | null;
  /** Time of the device's clock, in milliseconds since 1970. */
  readonly nowMs: () => number;
  /** Waits the simulated time of work that takes `ms` on real hardware. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Sends bytes on the serial line, subject to the serial faults. */
  readonly send: (bytes: Uint8Array) => void;
  /** Sends received characters back. Serial faults of replies do not apply to an echo. */
  readonly echo: (bytes: Uint8Array) => void;
  /**
   * The measured value: the usual one changed by the fault `drift`. `name` is one of the profile's `values`.
   */
  readonly measure: (name: string, usual: number) => number;
  /** Must be called when the device starts to execute a command. The fault `reboot` restarts the unit there. */
  readonly commandStarted: () => void;
  /** Sets the level of the output pin, which a fixture board reads. It is low without power. */
  readonly drivePin: (high: boolean) => void;
  /** The serial flash chip; `null` for families whose firmware is not simulated. */
  readonly memory: NorFlash | null;
  /** Whether the port of the fixture has control lines: DTR, RTS and break. */
  readonly hasControlLines: () => boolean;
  /**
   * Sets the bit rate of the device's UART, in bit/s: at any other rate of the station both sides receive noise, and a
   * paced line has this pace. `null`: the rate of the station.
   */
  readonly setBaudRate: (baudRate: number | null) => void;
  /** The bit rate that the station has set; `null` when unknown. */
  readonly stationBaudRate: () => number | null;
  /** Reports an error of the simulator or its machine, which is not an error of the unit. */
  readonly onError: (error: unknown) => void;
}

/**
 * `documented`: the format of the family's published firmware and document. `opposite`: different wherever documents
 * differ. `per-unit`: a mix over the units.
 */
export const DIALECT_CHOICES = ['documented', 'opposite', 'per-unit'] as const;
export type DialectChoice = (typeof DIALECT_CHOICES)[number];

/** A simulated device. Power may be lost at any time. */
export interface Device {
  powerOn(): void;
  /** Resolves when no timer and no connection of the device is left. */
  powerOff(): Promise<void>;
  /** Takes bytes from the station. Does not throw for any bytes. */
  receive(bytes: Uint8Array): void;
  /** Applies a stimulus. Returns false when the device does not react to it. Only called with power. */
  stimulate?(stimulus: Stimulus): boolean;
  /** Called when the station changes a control line, also without power. */
  controlLines?(lines: ControlLines): void;
}

/** A device family. */
export interface DeviceProfile {
  readonly name: string;
  /** Version of the factory firmware. Its SHA-256 represents the image. */
  readonly factoryFirmware: string;
  /** Size of the serial flash chip whose content the simulator keeps. Without it there is none. */
  readonly flashBytes?: number;
  /** Names of the measured values, for the fault `drift`. */
  readonly values?: readonly string[];
  /** Whether the device itself implements the fault `echo-on`. For other devices the serial line does. */
  readonly ownEcho?: boolean;
  create(context: DeviceContext): Device;
}
