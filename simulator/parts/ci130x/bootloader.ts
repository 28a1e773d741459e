import { bootFrame } from './boot-frame.ts';
import { type ChipModel, partitionTable } from './partition-table.ts';

/** Frame types and commands. Source: the vendor's OTA host and its chip side, public code. */
export const BOOT = {
  command: 0xa0,
  acknowledge: 0xa2,
  resetAcknowledge: 0xb0,
  handshake: 0x03,
  info: 0x04,
  ready: 0x05,
  reset: 0xa1,
} as const;

/** Version 2.1.2: release, minor, major, 0. */
const BOOTLOADER_VERSION = Buffer.of(2, 1, 2, 0);
/** JEDEC: manufacturer, type, capacity. */
const FLASH_ID = Buffer.of(0x85, 0x60, 0x15, 0x00);
const UNIQUE_ID_BYTES = 16;

export interface BootFrame {
  readonly type: number;
  readonly command: number;
  readonly sequence: number;
  readonly data: Uint8Array;
}

/** The UART bootloader of a CI130x chip. */
export class Bootloader {
  readonly #model: ChipModel;

  constructor(model: ChipModel) {
    this.#model = model;
  }

  /** The reply to a frame, and whether the chip restarts after it; `null` for an unknown command. */
  answer({ type, command }: BootFrame): { readonly reply: Buffer; readonly restarts: boolean } | null {
    if (type !== BOOT.command) return null;
    switch (command) {
      case BOOT.handshake:
      case BOOT.ready:
        return { reply: bootFrame(BOOT.acknowledge, command), restarts: false };
      case BOOT.info:
        return { reply: bootFrame(BOOT.acknowledge, command, this.#info()), restarts: false };
      case BOOT.reset:
        return { reply: bootFrame(BOOT.acknowledge, command), restarts: true };
      default:
        return null;
    }
  }

  /** Version of the bootloader, flash, partition table, unique id. */
  #info(): Buffer {
    const unique = Buffer.alloc(UNIQUE_ID_BYTES);
    Buffer.from(this.#model.mac.replaceAll(':', ''), 'hex').copy(unique);
    return Buffer.concat([BOOTLOADER_VERSION, FLASH_ID, partitionTable(this.#model), unique]);
  }
}
