import { createHash } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import type { DevicePort } from '../../../../../station/core/platform/index.ts';

/** What a scripted chip does wrong. */
export interface EspScript {
  /** Number in GET_SECURITY_INFO; null: the chip does not know the command, and is an ESP32. */
  readonly chipId?: number | null;
  readonly flags?: number;
  /** Flags that the line adds to the first answer. */
  readonly noiseInFlags?: number;
  readonly cryptCount?: number;
  /** Largest block that the ROM takes. */
  readonly romBlockBytes?: number;
  /** False: no control lines and no speed, as a plain TCP connection. */
  readonly hasLines?: boolean;
  /** Called with each block that came; `drop`: no reply, `checksum`: refused, `wrong`: a byte is written wrong, each time another one. */
  readonly onBlock?: (nth: number, baudRate: number) => 'drop' | 'checksum' | 'wrong' | undefined;
  /** In hex. */
  readonly mac?: string;
  /** Real size of the flash, which says that it has 4 MiB: addresses begin again behind it. */
  readonly realBytes?: number;
  /** Called with the offset of each image; the result is where it is written. */
  readonly onBegin?: (offset: number) => number;
  /** What the application says when FLASH_END starts it, in one piece with the reply; `replies` false: the chip does not reply. */
  readonly onEnd?: { readonly says: string; readonly replies?: boolean };
  /** Called with the offset of each reading; the result is where it reads. */
  readonly onRead?: (offset: number) => number;
  /** A byte of the flash that stays 0. */
  readonly stuckAt?: number;
}

const END = 0xc0;
const FLASH_BYTES = 4 * 1024 * 1024;
const MAC = '24587CD00142';
/** Command and first word of the SPI controller: of the ESP32-C3 and of the ESP32. */
const SPI = new Map([
  [0x6000_2000, 0x6000_2058],
  [0x3ff4_2000, 0x3ff4_2080],
]);

/** A chip in the memory of the test: ROM and stub as far as the loader uses them, at once and without a line between. */
export class ScriptedEsp implements DevicePort {
  readonly path = '/dev/scripted';
  readonly flash = Buffer.alloc(FLASH_BYTES, 0xff);
  readonly commands: number[] = [];
  readonly speeds: number[] = [];
  readonly lines: string[] = [];
  isStub = false;
  bytesReceived = 0;
  readonly setControlLines?: NonNullable<DevicePort['setControlLines']>;
  readonly setBaudRate?: NonNullable<DevicePort['setBaudRate']>;
  readonly #script: EspScript;
  readonly #registers = new Map<number, number>();
  #listener: ((bytes: Uint8Array) => void) | null = null;
  #input = Buffer.alloc(0);
  #write: { offset: number; size: number; blocks: Buffer[]; compressed: boolean } | null = null;
  #reading: { at: number; end: number; start: number } | null = null;
  #blocks = 0;

  constructor(script: EspScript = {}) {
    this.#script = script;
    this.#registers.set(0x4000_1000, 0x00f0_1d83);
    const mac = Buffer.from(script.mac ?? MAC, 'hex');
    for (const base of [0x6000_8844, 0x3ff5_a004]) {
      this.#registers.set(base, mac.readUInt32BE(2));
      this.#registers.set(base + 4, mac.readUInt16BE(0));
    }
    if (script.hasLines === false) return;
    this.setBaudRate = (rate) => Promise.resolve(void this.speeds.push(rate));
    this.setControlLines = ({ dtr, rts }) => {
      this.lines.push(`${dtr ?? '-'},${rts ?? '-'}`);
      if (rts === true) this.isStub = false;
      return Promise.resolve();
    };
  }

  write(bytes: Uint8Array): Promise<void> {
    this.bytesReceived += bytes.length;
    this.#input = Buffer.concat([this.#input, bytes]);
    for (;;) {
      const start = this.#input.indexOf(END);
      const end = this.#input.indexOf(END, start + 1);
      if (start < 0 || end < 0) break;
      const frame = unescape(this.#input.subarray(start + 1, end));
      this.#input = this.#input.subarray(frame.length === 0 ? end : end + 1);
      if (frame.length > 0) this.#take(frame);
    }
    return Promise.resolve();
  }

  onData(listener: ((bytes: Uint8Array) => void) | null): void {
    this.#listener = listener;
  }

  onLost(): void {
    // Never lost.
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  #take(frame: Buffer): void {
    if (this.#reading !== null && frame.length === 4) return this.#sendPacket();
    const command = frame[1] ?? 0;
    const data = frame.subarray(8);
    this.commands.push(command);
    try {
      this.#execute(command, data, frame.readUInt32LE(4));
    } catch (error) {
      // A frame that is too short, or that names a place that is none, has no reply.
      if (!(error instanceof RangeError)) throw error;
    }
  }

  #execute(command: number, data: Buffer, checksum: number): void {
    const word = (index: number): number => data.readUInt32LE(index * 4);
    switch (command) {
      case 0x08:
        for (let n = 0; n < 8; n++) this.#reply(command, this.isStub ? 0 : 0x2012_0707);
        return;
      case 0x0a:
        return this.#reply(command, this.#registers.get(word(0)) ?? 0);
      case 0x09:
        this.#registers.set(word(0), word(1));
        this.#runSpi(word(0));
        return this.#reply(command);
      case 0x14:
        return this.#security();
      case 0x06:
        this.#reply(command);
        if (word(0) === 0) {
          this.isStub = true;
          this.#send(Buffer.from('OHAI'));
        }
        return;
      case 0x02:
      case 0x10:
        if (!this.isStub && word(2) > (this.#script.romBlockBytes ?? 0x1000)) return this.#refuse(command, 5);
        this.#write = {
          offset: this.#placeOf(this.#script.onBegin?.(word(3)) ?? word(3)),
          size: word(0),
          blocks: [],
          compressed: command === 0x10,
        };
        return this.#reply(command);
      case 0x03:
      case 0x11:
        return this.#block(command, data, checksum);
      case 0x13: {
        const start = this.#placeOf(word(0));
        const region = this.flash.subarray(start, start + word(1));
        const digest = createHash('md5').update(region).digest();
        return this.#reply(command, 0, this.isStub ? digest : Buffer.from(digest.toString('hex')));
      }
      case 0xd1:
        this.flash.fill(0xff, word(0), word(0) + word(1));
        return this.#reply(command);
      case 0xd2:
        this.#reply(command);
        this.#reading = this.#readingOf(this.#script.onRead?.(word(0)) ?? word(0), word(1));
        return this.#sendPacket();
      case 0x0e:
        return this.#reply(command, 0, this.flash.subarray(word(0), word(0) + word(1)));
      case 0x04:
        return this.#end(command);
      default:
        return this.#reply(command);
    }
  }

  #end(command: number): void {
    const { onEnd } = this.#script;
    if (onEnd === undefined) return this.#reply(command);
    const said = Buffer.from(onEnd.says);
    if (onEnd.replies === false) queueMicrotask(() => this.#listener?.(said));
    else this.#reply(command, 0, Buffer.alloc(0), said);
  }

  #readingOf(start: number, length: number): { at: number; end: number; start: number } {
    return { at: start, start, end: start + length };
  }

  #placeOf(offset: number): number {
    return offset % (this.#script.realBytes ?? FLASH_BYTES);
  }

  /** The controller answers READ ID: four megabytes. */
  #runSpi(register: number): void {
    const word0 = SPI.get(register);
    if (word0 === undefined) return;
    this.#registers.set(register, 0);
    this.#registers.set(word0, 0x16_40_c8);
  }

  #security(): void {
    const { chipId = 5, flags = 0, cryptCount = 0, noiseInFlags = 0 } = this.#script;
    const noise = this.commands.filter((command) => command === 0x14).length === 1 ? noiseInFlags : 0;
    if (chipId === null) return this.#refuse(0x14, 5);
    const info = Buffer.alloc(20);
    info.writeUInt32LE(flags | noise, 0);
    info[4] = cryptCount;
    info.writeUInt32LE(chipId, 12);
    this.#reply(0x14, 0, info);
  }

  #block(command: number, data: Buffer, checksum: number): void {
    const write = this.#write;
    const bytes = data.subarray(16);
    const sum = bytes.reduce((total, byte) => total ^ byte, 0xef);
    const fault = this.#script.onBlock?.(this.#blocks++, this.speeds.at(-1) ?? 115_200);
    if (fault === 'drop') return;
    if (fault === 'checksum' || sum !== checksum) return this.#refuse(command, this.isStub ? 0xc1 : 7);
    if (write === null) return this.#refuse(command, 0xc6);
    write.blocks.push(Buffer.from(bytes));
    const whole = Buffer.concat(write.blocks);
    const image = write.compressed ? inflatedOrNull(whole) : whole;
    if (image !== null && (write.compressed || image.length >= write.size)) {
      this.flash.fill(0xff, write.offset, write.offset + Math.ceil(image.length / 4096) * 4096);
      image.copy(this.flash, write.offset, 0, this.isStub ? write.size : image.length);
      const changed = write.offset + 10 + this.#blocks;
      if (fault === 'wrong') this.flash[changed] = (this.flash[changed] ?? 0) ^ 1;
      if (this.#script.stuckAt !== undefined) this.flash[this.#script.stuckAt] = 0;
    }
    this.#reply(command);
  }

  #sendPacket(): void {
    const reading = this.#reading;
    if (reading === null) return;
    const { at, end, start } = reading;
    if (at >= end) {
      this.#reading = null;
      return this.#send(createHash('md5').update(this.flash.subarray(start, end)).digest());
    }
    reading.at = Math.min(end, at + 4096);
    this.#send(this.flash.subarray(at, reading.at));
  }

  #refuse(command: number, error: number): void {
    const status = this.isStub ? Buffer.of(error, 0) : Buffer.of(1, error, 0, 0);
    this.#frame(command, 0, status);
  }

  #reply(
    command: number,
    value = 0,
    data: Uint8Array = Buffer.alloc(0),
    behind: Uint8Array = Buffer.alloc(0),
  ): void {
    this.#frame(command, value, Buffer.concat([data, Buffer.alloc(this.isStub ? 2 : 4)]), behind);
  }

  #frame(command: number, value: number, body: Uint8Array, behind: Uint8Array = Buffer.alloc(0)): void {
    const header = Buffer.of(1, command, body.length & 0xff, body.length >> 8, 0, 0, 0, 0);
    header.writeUInt32LE(value >>> 0, 4);
    this.#send(Buffer.concat([header, body]), behind);
  }

  #send(content: Uint8Array, behind: Uint8Array = Buffer.alloc(0)): void {
    const escaped = [...content].flatMap((byte) =>
      byte === END ? [0xdb, 0xdc] : byte === 0xdb ? [0xdb, 0xdd] : [byte],
    );
    const bytes = Buffer.from([END, ...escaped, END, ...behind]);
    queueMicrotask(() => this.#listener?.(bytes));
  }
}

function inflatedOrNull(bytes: Buffer): Buffer | null {
  try {
    return inflateSync(bytes);
  } catch {
    return null;
  }
}

function unescape(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1').replaceAll('\xdb\xdc', '\xc0').replaceAll('\xdb\xdd', '\xdb');
  return Buffer.from(text, 'latin1');
}
