import type { FlashWork, NorFlash } from '../../flash/index.ts';
import type { EspChip } from './chip.ts';
import type { WrittenRange } from './flash-writer.ts';
import type { EspRequest } from './protocol.ts';
import type { EspRegisters } from './registers.ts';

/** What a loader may do with its chip. */
export interface LoaderContext {
  readonly chip: EspChip;
  readonly flash: NorFlash;
  readonly registers: EspRegisters;
  /** Sends the content of a frame. */
  readonly reply: (content: Uint8Array) => void;
  /** Waits simulated time. */
  readonly wait: (ms: number) => Promise<void>;
  /** Waits the duration of work of the flash. Throws when the supply failed during it. */
  readonly work: (work: FlashWork) => Promise<void>;
  readonly onWritten: (range: WrittenRange) => void;
  /** Sets the bit rate of the UART; `null`: that of the station. */
  readonly setBaudRate: (baudRate: number | null) => void;
  readonly stationBaudRate: () => number | null;
  /** The lock of the chip, by a fault; `null` for an open chip. */
  readonly lock: () => ChipLock | null;
}

export type ChipLock = 'secure-download' | 'flash-encryption' | 'secure-boot' | 'no-download';

/** What the chip does after a command: goes on with the same loader, starts the stub, or starts the application. */
export type AfterCommand = 'stay' | 'stub' | 'application';

export interface Loader {
  /** Longest frame, decoded, in bytes. */
  readonly frameBytes: number;
  handle(request: EspRequest): Promise<AfterCommand>;
  /** Takes a frame that is no request: an acknowledgement of READ_FLASH. */
  raw?(frame: Buffer): void;
  abandon(): void;
}

const KEY_PURPOSES = 7;
const SECURE_BOOT = 1 << 0;
const SECURE_DOWNLOAD = 1 << 2;

/** The reply to GET_SECURITY_INFO: flags, count of encryption bits, purposes of the keys, chip id, version. 20 bytes. */
export function securityInfo(chip: EspChip, lock: ChipLock | null): Buffer {
  const info = Buffer.alloc(20);
  const flags =
    (lock === 'secure-boot' ? SECURE_BOOT : 0) | (lock === 'secure-download' ? SECURE_DOWNLOAD : 0);
  info.writeUInt32LE(flags, 0);
  info[4] = lock === 'flash-encryption' ? 1 : 0;
  info.fill(0, 5, 5 + KEY_PURPOSES);
  info.writeUInt32LE(chip.imageChipId, 12);
  return info;
}
