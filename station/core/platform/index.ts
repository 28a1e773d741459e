/** Interfaces of hardware and host that the station needs. Hosts and drivers implement them. */
import type { BleCentral } from './ble.ts';
import type { DevicePorts } from './device-port.ts';
import type { HostPrinters } from './host-printers.ts';
import type { Clock, Random, Log, SecretBox, DirectoryFacts } from './host.ts';

export interface Paths {
  /** The station's data directory; all its files are below it. */
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
  /** Absent where the computer's printers cannot be used. */
  readonly hostPrinters?: HostPrinters;
  /** The computer's name in its network: the station's own name until one is configured. */
  hostName(): string;
  /** Identifies this computer; null or absent where it cannot be identified. */
  readonly machineId?: () => string | null;
  /** Identifies this boot of the computer; null or absent where it cannot be identified. */
  readonly bootId?: () => string | null;
  /** Distinguishes a directory from a copy of it; null or absent where that is not possible. */
  readonly directoryFacts?: (path: string) => DirectoryFacts | null;
  /** Cost of scrypt for new PINs and key files, as a power of two. Default 17; only tests set less. */
  readonly scryptLog2N?: number;
}

export type {
  BleAdvertisement,
  BleCentral,
  BleCharacteristic,
  BleConnection,
  BleFound,
  BleLimits,
  BleWriteOptions,
  BleSearch,
  BleSelection,
  BleTaken,
} from './ble.ts';
export type { DevicePort, PortInfo, DevicePorts, SerialSettings, TransferTools } from './device-port.ts';
export type { HostPrinter, HostPrinters, QueueState } from './host-printers.ts';
export type { Clock, Random } from './host.ts';
export type { DirectoryFacts } from './host.ts';
export type { Log, LogFields } from './host.ts';
export type { SecretBox } from './host.ts';
