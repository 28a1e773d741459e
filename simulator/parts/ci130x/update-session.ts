import { BOOT, bootFrame, type BootFrame } from './boot-frame.ts';
import type { ChipFlash } from './chip-flash.ts';
import { crc16 } from './crc16.ts';
import type { FrameInbox } from './frame-inbox.ts';

const BLOCK_BYTES = 4_096;
const RAM_ADDRESS = 0x1ff5_8000;
const RAM_BYTES = 256 * 1_024;
/** A part that does not come is asked for again after this time. */
const PART_TIMEOUT_MS = 500;
const MAX_REQUESTS = 10;
const UPDATER_START_MS = 50;
/** Version 2.1.2: release, minor, major, 0. */
const VERSION = Buffer.of(2, 1, 2, 0);
/** JEDEC: manufacturer, type, capacity. */
const FLASH_ID = Buffer.of(0x85, 0x60, 0x15, 0x00);
const UNIQUE_ID_BYTES = 16;

export interface UpdateContext {
  readonly flash: ChipFlash;
  readonly mac: string;
  readonly send: (bytes: Uint8Array) => void;
  readonly setBaudRate: (baudRate: number) => void;
  readonly commandStarted: () => void;
  /** The simulated time of work. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Real time, in which a station has to answer; tests have their own. */
  readonly realWait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

interface Region {
  readonly address: number;
  readonly size: number;
  readonly crc: number;
}

/** The commands of one update: first of the bootloader, and after the start of the updater those of the updater. */
export class UpdateSession {
  readonly #context: UpdateContext;
  readonly #inbox: FrameInbox;
  readonly #ram = Buffer.alloc(RAM_BYTES);
  #updaterRuns = false;
  #region: Region | null = null;
  /** A command that came instead of a part. */
  #next: BootFrame | null = null;

  constructor(context: UpdateContext, inbox: FrameInbox) {
    this.#context = context;
    this.#inbox = inbox;
  }

  /** Executes a command, and those that interrupt it. Throws `BrownOut`. */
  async execute(first: BootFrame, signal: AbortSignal): Promise<'reset' | null> {
    for (let frame: BootFrame | null = first; frame !== null; frame = this.#next) {
      this.#next = null;
      if ((await this.#one(frame, signal)) === 'reset') return 'reset';
    }
    return null;
  }

  async #one({ command, data }: BootFrame, signal: AbortSignal): Promise<'reset' | null> {
    const bytes = Buffer.from(data);
    switch (command) {
      case BOOT.handshake:
      case BOOT.ready:
        this.#acknowledge(command);
        return null;
      case BOOT.info:
        this.#acknowledge(command, this.#info());
        return null;
      case BOOT.reset:
        this.#acknowledge(command);
        return 'reset';
      case BOOT.verifyInfo:
        await this.#announce(bytes, signal);
        return null;
      case BOOT.verify:
        await this.#verify(bytes, signal);
        return null;
      default:
        if (this.#updaterRuns) await this.#updaterCommand(command, bytes, signal);
        return null;
    }
  }

  async #updaterCommand(command: number, data: Buffer, signal: AbortSignal): Promise<void> {
    const { flash, setBaudRate } = this.#context;
    if (command === BOOT.format && data.length === 1) return this.#acknowledge(command);
    if (command === BOOT.baudRate && data.length === 4) {
      this.#acknowledge(command);
      return setBaudRate(data.readUInt32LE(0));
    }
    if (command !== BOOT.erase || data.length !== 12) return;
    const [address, size] = [data.readUInt32LE(0), data.readUInt32LE(4)];
    const region = this.#region;
    if (region?.address !== address || region.size !== size || !flash.fits(address, size)) return;
    this.#acknowledge(command);
    await flash.erase(address, size, signal);
    await this.#fetch(size, (offset, part) => flash.program(address + offset, part, signal), signal);
  }

  /** Address, size and CRC of what follows. The bootloader asks for the updater at once. */
  async #announce(data: Buffer, signal: AbortSignal): Promise<void> {
    if (data.length !== 10) return;
    const region = {
      address: data.readUInt32LE(0),
      size: data.readUInt32LE(4),
      crc: data.readUInt16LE(8),
    };
    const isRam = region.address === RAM_ADDRESS && region.size <= RAM_BYTES;
    if (isRam === this.#updaterRuns) return;
    this.#region = region;
    this.#acknowledge(BOOT.verifyInfo);
    if (!isRam) return;
    const store = (offset: number, part: Uint8Array): Promise<void> => {
      this.#ram.set(part, offset);
      return Promise.resolve();
    };
    await this.#fetch(region.size, store, signal);
  }

  async #verify(data: Buffer, signal: AbortSignal): Promise<void> {
    const { flash, send, wait } = this.#context;
    if (this.#updaterRuns) {
      if (data.length !== 10) return;
      const [address, size] = [data.readUInt32LE(0), data.readUInt32LE(4)];
      const isWhole = flash.fits(address, size) && flash.crc(address, size) === data.readUInt16LE(8);
      if (isWhole) flash.tables.markWhole(address);
      return this.#acknowledge(BOOT.verify, Buffer.of(isWhole ? 1 : 0));
    }
    const region = this.#region;
    const isWhole = region !== null && crc16(this.#ram.subarray(0, region.size)) === region.crc;
    this.#acknowledge(BOOT.verify, Buffer.of(isWhole ? 1 : 0));
    if (!isWhole) return;
    await wait(UPDATER_START_MS, signal);
    this.#updaterRuns = true;
    send(bootFrame(BOOT.request, BOOT.handshake));
  }

  /** Asks for a region part by part. It gives up when the station sends a command instead, or nothing. */
  async #fetch(
    size: number,
    store: (offset: number, part: Uint8Array) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    for (let offset = 0; offset < size; offset += BLOCK_BYTES) {
      const wanted = Math.min(BLOCK_BYTES, size - offset);
      const part = await this.#part(offset, wanted, signal);
      if (part === null) return;
      await store(offset, part);
    }
    this.#context.send(bootFrame(BOOT.request, BOOT.blockDone));
  }

  async #part(offset: number, size: number, signal: AbortSignal): Promise<Uint8Array | null> {
    const asked = Buffer.alloc(8);
    asked.writeUInt32LE(offset, 0);
    asked.writeUInt32LE(size, 4);
    for (let request = 0; request < MAX_REQUESTS; request++) {
      this.#context.send(bootFrame(BOOT.request, BOOT.write, asked));
      for (;;) {
        const frame = await this.#inbox.next(PART_TIMEOUT_MS, signal);
        if (frame === null) break;
        if (frame.type === BOOT.command) {
          this.#next = frame;
          return null;
        }
        const data = Buffer.from(frame.data);
        const isPart = frame.type === BOOT.acknowledge && frame.command === BOOT.write;
        if (isPart && data.length >= 4 + size && data.readUInt32LE(0) === offset)
          return data.subarray(4, 4 + size);
      }
      this.#inbox.clear();
    }
    return null;
  }

  #acknowledge(command: number, data: Uint8Array = Buffer.alloc(0)): void {
    this.#context.send(bootFrame(BOOT.acknowledge, command, data));
  }

  /** Version of the bootloader, flash, partition table, unique id. */
  #info(): Buffer {
    const unique = Buffer.alloc(UNIQUE_ID_BYTES);
    Buffer.from(this.#context.mac.replaceAll(':', ''), 'hex').copy(unique);
    return Buffer.concat([VERSION, FLASH_ID, this.#context.flash.table, unique]);
  }
}
