import type { NorFlash } from '../../flash/index.ts';
import { SECTOR_BYTES } from '../../flash/index.ts';
import { delay } from '../../platform/index.ts';
import { type BootStage, ByteQueue, type RealWait } from '../boot/index.ts';
import { crc16 } from '../ci130x/index.ts';
import { receiveXmodem, WANT_CRC } from './receiver.ts';

/**
 * Time for which the boot loader asks for firmware after power-on. It is not shortened by `timeScale`, because the station
 * has to be fast enough for it.
 */
const ASKING_MS = 500;
const ASK_EVERY_MS = 100;
/** A mark in the first sector: magic, length, CRC of the image behind it. */
const IMAGE_AT = SECTOR_BYTES;
const MAGIC = 0x4d33_3055;
const MARK_BYTES = 12;
const FILLING = 0x1a;
/** The first bytes of a block: its size, its number, the complement of the number. */
const START_BYTES = 3;

export interface XmodemBootOptions {
  readonly memory: NorFlash;
  readonly send: (bytes: Uint8Array) => void;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly realWait?: RealWait;
  readonly commandStarted: () => void;
  /** Called when an image was received whole: its SHA-256 without the filling, hex. */
  readonly onFirmware: (sha256: string) => Promise<void>;
}

/** The supply failed during a write. */
class BrownOut extends Error {}

/**
 * The boot loader of a US516P6: after power-on it asks for firmware by XMODEM, and starts the firmware in its flash when
 * none comes. A chip whose transfer was interrupted asks for ever.
 */
export class XmodemBootStage implements BootStage {
  readonly #options: XmodemBootOptions;
  readonly #queue: ByteQueue;

  constructor(options: XmodemBootOptions) {
    this.#options = options;
    this.#queue = new ByteQueue(options.realWait);
  }

  receive(bytes: Uint8Array): void {
    this.#queue.push(bytes);
  }

  async run(signal: AbortSignal): Promise<void> {
    for (;;) {
      this.#queue.clear();
      if (!(await this.#ask(signal))) return;
      this.#options.commandStarted();
      try {
        await this.#receive(signal);
      } catch (error) {
        if (!(error instanceof BrownOut)) throw error;
      }
    }
  }

  /** Whether firmware comes. */
  async #ask(signal: AbortSignal): Promise<boolean> {
    const { send, wait, realWait = delay } = this.#options;
    const isWhole = this.#isWhole();
    for (let asked = 0; !isWhole || asked < ASKING_MS / ASK_EVERY_MS; asked++) {
      send(WANT_CRC);
      await Promise.all([wait(ASK_EVERY_MS, signal), realWait(ASK_EVERY_MS, signal)]);
      // Other bytes are no transfer.
      while (this.#queue.length >= START_BYTES && !isFirstBlock(this.#queue.peek(START_BYTES)))
        this.#queue.skip();
      if (this.#queue.length >= START_BYTES) return true;
    }
    return false;
  }

  async #receive(signal: AbortSignal): Promise<void> {
    const { memory, send, wait, onFirmware } = this.#options;
    const spend = async ({ ms, brownOut }: { ms: number; brownOut: boolean }): Promise<void> => {
      if (brownOut) throw new BrownOut();
      await wait(ms, signal);
    };
    let length = 0;
    const store = async (offset: number, data: Uint8Array): Promise<boolean> => {
      const at = IMAGE_AT + offset;
      if (at + data.length > memory.bytes) return false;
      if (offset === 0) await spend(memory.erase(0, SECTOR_BYTES));
      for (let sector = offset; sector < offset + data.length; sector += SECTOR_BYTES)
        if (sector % SECTOR_BYTES === 0) await spend(memory.erase(IMAGE_AT + sector, SECTOR_BYTES));
      await spend(memory.program(at, data));
      length = offset + data.length;
      return memory.read(at, data.length).equals(data);
    };
    if ((await receiveXmodem({ queue: this.#queue, send, store }, signal)) !== 'complete' || length === 0)
      return;
    const mark = Buffer.alloc(MARK_BYTES);
    mark.writeUInt32LE(MAGIC, 0);
    mark.writeUInt32LE(length, 4);
    mark.writeUInt32LE(crc16(memory.read(IMAGE_AT, length)), 8);
    await spend(memory.program(0, mark));
    let end = length;
    for (const image = memory.read(IMAGE_AT, length); end > 0 && image[end - 1] === FILLING;) end -= 1;
    await onFirmware(memory.sha256Hex(IMAGE_AT, end));
  }

  /** A chip of the factory has an erased flash and the firmware of the factory. */
  #isWhole(): boolean {
    const mark = this.#options.memory.read(0, MARK_BYTES);
    if (this.#isFactory()) return true;
    const [magic, length, crc] = [0, 4, 8].map((at) => mark.readUInt32LE(at)) as [number, number, number];
    return magic === MAGIC && IMAGE_AT + length <= this.#options.memory.bytes && this.#crc(length) === crc;
  }

  #isFactory(): boolean {
    const { memory } = this.#options;
    return memory.read(0, IMAGE_AT + SECTOR_BYTES).every((byte) => byte === 0xff);
  }

  #crc(length: number): number {
    return crc16(this.#options.memory.read(IMAGE_AT, length));
  }
}

/** The text of a version in the first bytes of the image in a flash; `null` when there is none. */
export function versionInImage(memory: NorFlash): string | null {
  const start = memory.read(IMAGE_AT, 256).toString('latin1');
  return /jx_su_03t_release_v\d{1,3}\.\d{1,3}\.\d{1,3}/.exec(start)?.[0] ?? null;
}

function isFirstBlock([size, number, complement]: Uint8Array): boolean {
  return (size === 0x01 || size === 0x02) && number === 1 && complement === 0xfe;
}
