import type { RadioMedium } from '../radio/index.ts';
import type { ActiveFaults } from '../faults/index.ts';
import type { UnitFlash } from '../flash/index.ts';
import type { Random } from '../platform/index.ts';
import type { Stimulus } from './stimulus.ts';

export type { Stimulus } from './stimulus.ts';

/** What a bench gives to a device that it simulates: the unit's own memory, its faults, time, chance and the line. */
export interface DeviceContext {
  /** Number of the unit on its bench, from 1. */
  readonly unit: number;
  readonly mac: string;
  readonly serialNumber: string;
  readonly flash: UnitFlash;
  readonly faults: ActiveFaults;
  readonly random: Random;
  /** Which way of writing replies the device has, where its family has several. */
  readonly dialect: DialectChoice;
  /** The MQTT broker that stands in for the cloud, as a URL; `null` when the unit has no network. */
  readonly mqttUrl: string | null;
  /** The air of the room, for units with Bluetooth; `null` on a bench without. */
  readonly radioMedium: RadioMedium | null;
  /** What the device's clock says, in milliseconds since 1970. */
  readonly nowMs: () => number;
  /** Waits as long as the device needs for something that takes `ms` on real hardware. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Says something on the serial line. Line faults (silence, garbage, pieces) are put in underneath. */
  readonly send: (bytes: Uint8Array) => void;
  /** Sends received characters back; line faults that befall replies do not befall an echo. */
  readonly echo: (bytes: Uint8Array) => void;
  /**
   * A value as the device measures it right now: the usual one, and what the fault `drift` has made of it. `name` is one
   * of the profile's `values`.
   */
  readonly measure: (name: string, usual: number) => number;
  /** The device has understood a command and begins to obey it: the moment at which some units restart. */
  readonly commandStarted: () => void;
  /** Sets the level of the device's output pin, which a fixture board reads. It is low without power. */
  readonly drivePin: (high: boolean) => void;
  /** Something failed that is the simulator's fault or its machine's, not the unit's: the bench says so. */
  readonly onError: (error: unknown) => void;
}

/**
 * `documented`: as the published firmware of the family, and its document, print; `opposite`: differs wherever documents do;
 * `per-unit` mixes them over the bench.
 */
export const DIALECT_CHOICES = ['documented', 'opposite', 'per-unit'] as const;
export type DialectChoice = (typeof DIALECT_CHOICES)[number];

/** A device as the bench handles it. Power may go at any time, in the middle of anything. */
export interface Device {
  powerOn(): void;
  /** Resolves when nothing of the device is left running: no timer, no connection. */
  powerOff(): Promise<void>;
  /** Bytes from the station, as the line carried them. Never throws, whatever the bytes. */
  receive(bytes: Uint8Array): void;
  /** Something happens to it that is on no wire; false when it has no sense for that. Only called with power. */
  stimulate?(stimulus: Stimulus): boolean;
}

/** A device family. */
export interface DeviceProfile {
  readonly name: string;
  /** Firmware that an untouched unit carries, as a version; its SHA-256 stands for the image. */
  readonly factoryFirmware: string;
  /** What it measures, by the names that the fault `drift` calls it. */
  readonly values?: readonly string[];
  /** It echoes by itself where it is told to; any other is made to by the fault `echo-on`, in the line. */
  readonly ownEcho?: boolean;
  create(context: DeviceContext): Device;
}
