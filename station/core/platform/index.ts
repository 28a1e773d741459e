/** What the core needs from hardware and host: interfaces only. Hosts and drivers implement them. */
import type { BleCentral } from './ble.ts';
import type { DevicePorts } from './serial-port.ts';
import type { Clock, Random } from './clock.ts';
import type { DirectoryFacts } from './directory-facts.ts';
import type { Log } from './log.ts';
import type { SecretBox } from './secret-box.ts';

export interface Paths {
  /** The station's data directory; everything it keeps is below it. */
  readonly dataDir: string;
}

export interface Platform {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly paths: Paths;
  readonly secretBox: SecretBox;
  readonly devicePorts: DevicePorts;
  readonly ble: BleCentral;
  /** The computer's name in its network: the station's own name until one is configured. */
  hostName(): string;
  /** Tells this computer from any other; null, or left out, where nothing does. */
  readonly machineId?: () => string | null;
  /** Tells this boot of the computer from any other; null, or left out, where nothing does. */
  readonly bootId?: () => string | null;
  /** Tells a directory from a copy of it; null, or left out, where nothing does. */
  readonly directoryFacts?: (path: string) => DirectoryFacts | null;
}

export type { BleAdvertisement, BleCentral, BleCharacteristic, BleConnection, BleLimits } from './ble.ts';
export type { DevicePort, PortInfo, DevicePorts, SerialSettings } from './serial-port.ts';
export type { Clock, Random } from './clock.ts';
export type { DirectoryFacts } from './directory-facts.ts';
export type { Log, LogFields } from './log.ts';
export type { SecretBox } from './secret-box.ts';
