import { FlashWriter, type WriteError } from './flash-writer.ts';
import { type AfterCommand, type Loader, type LoaderContext, securityInfo } from './loader.ts';
import { checksumOf, ESP, type EspRequest, payloadOf, replyOf, ROM_ERROR, wordsOf } from './protocol.ts';

/** Value of the replies to SYNC: a loader in RAM replies 0. */
const SYNC_VALUE = 0x20120707;
const SYNC_REPLIES = 8;
const SYNC_BYTES = 36;
/** The ROM assumes this size of the flash until SPI_SET_PARAMS. */
const ASSUMED_FLASH_BYTES = 2 * 1024 * 1024;
/** Data of a packet to RAM. */
const RAM_BLOCK_BYTES = 0x1800;
const HEADERS_BYTES = 24;
const NO_DATA = Buffer.alloc(0);

/** Commands that remain in secure download mode. */
const SECURE_COMMANDS: ReadonlySet<number> = new Set([
  ESP.sync,
  ESP.securityInfo,
  ESP.spiAttach,
  ESP.spiSetParameters,
  ESP.flashBegin,
  ESP.flashData,
  ESP.flashEnd,
  ESP.deflateBegin,
  ESP.deflateData,
  ESP.deflateEnd,
]);

interface Reply {
  readonly error?: number;
  readonly value?: number;
  readonly data?: Uint8Array;
  readonly after?: AfterCommand;
}

/** The loader in the ROM of a chip. It erases a range before it writes it, and replies when a block is written. */
export class RomLoader implements Loader {
  readonly frameBytes = RAM_BLOCK_BYTES + HEADERS_BYTES;
  readonly #context: LoaderContext;
  readonly #writer: FlashWriter;
  #attached = false;
  #flashBytes = ASSUMED_FLASH_BYTES;
  /** Ranges in RAM that were uploaded. */
  #loaded: { readonly start: number; readonly end: number }[] = [];
  #ram: { at: number; remaining: number } | null = null;

  constructor(context: LoaderContext) {
    this.#context = context;
    this.#writer = new FlashWriter(context);
  }

  abandon(): void {
    this.#writer.abandon();
  }

  async handle(request: EspRequest): Promise<AfterCommand> {
    const secure = this.#context.lock() === 'secure-download';
    if (request.command === ESP.sync) return this.#sync(request);
    const reply =
      secure && !SECURE_COMMANDS.has(request.command)
        ? { error: ROM_ERROR.invalidMessage }
        : await this.#execute(request);
    const status = Buffer.of(reply.error === undefined ? 0 : 1, reply.error ?? 0, 0, 0);
    this.#context.reply(replyOf(request.command, reply.value ?? 0, reply.data ?? NO_DATA, status));
    if (request.command === ESP.changeBaudRate && reply.error === undefined)
      this.#context.setBaudRate(wordsOf(request.data)(0));
    return reply.after ?? 'stay';
  }

  /** The UART measures the bit rate of the station with the bytes of SYNC. */
  #sync(request: EspRequest): AfterCommand {
    if (request.data.length !== SYNC_BYTES) return 'stay';
    this.#context.setBaudRate(this.#context.stationBaudRate());
    for (let n = 0; n < SYNC_REPLIES; n++)
      this.#context.reply(replyOf(ESP.sync, SYNC_VALUE, NO_DATA, Buffer.alloc(4)));
    return 'stay';
  }

  async #execute(request: EspRequest): Promise<Reply> {
    const word = wordsOf(request.data);
    const { chip, flash, registers } = this.#context;
    switch (request.command) {
      case ESP.readRegister:
        return { value: registers.read(word(0)) };
      case ESP.writeRegister:
        for (let at = 0; at + 16 <= request.data.length; at += 16)
          registers.write(word(at / 4), word(at / 4 + 1), word(at / 4 + 2));
        return {};
      case ESP.spiAttach:
        this.#attached = true;
        return {};
      case ESP.spiSetParameters:
        this.#flashBytes = word(1);
        return {};
      case ESP.changeBaudRate:
        return word(0) === 0 ? { error: ROM_ERROR.invalidMessage } : {};
      case ESP.securityInfo:
        return chip.tellsSecurity
          ? { data: securityInfo(chip, this.#context.lock()) }
          : { error: ROM_ERROR.invalidMessage };
      case ESP.flashMd5:
        if (!this.#reaches(word(0), word(1))) return { error: ROM_ERROR.failed };
        return { data: Buffer.from(flash.md5(word(0), word(1)).toString('hex')) };
      case ESP.readFlashSlow:
        return this.#readSlow(word(0), word(1));
      case ESP.memBegin:
        this.#ram = { at: word(3), remaining: word(0) };
        return {};
      case ESP.memData:
        return this.#loadRam(request);
      case ESP.memEnd:
        return this.#startRam(word(0), word(1));
      case ESP.flashBegin:
        return this.#begin(word(0), word(1) * word(2), word(2), word(3), false);
      case ESP.deflateBegin:
        return this.#begin(word(0), word(0), word(2), word(3), true);
      case ESP.flashData:
      case ESP.deflateData:
        return this.#writeBlock(request);
      case ESP.flashEnd:
      case ESP.deflateEnd:
        return this.#end(word(0));
      default:
        return { error: ROM_ERROR.invalidMessage };
    }
  }

  /** At most 64 bytes for each command. */
  #readSlow(offset: number, length: number): Reply {
    if (length > 64 || !this.#reaches(offset, length)) return { error: ROM_ERROR.invalidMessage };
    return { data: this.#context.flash.read(offset, length) };
  }

  #reaches(offset: number, length: number): boolean {
    return this.#attached && offset + length <= Math.min(this.#flashBytes, this.#context.flash.bytes);
  }

  async #begin(
    eraseBytes: number,
    writeBytes: number,
    blockBytes: number,
    offset: number,
    compressed: boolean,
  ): Promise<Reply> {
    if (blockBytes > this.#context.chip.romBlockBytes) return { error: ROM_ERROR.invalidMessage };
    if (!this.#reaches(offset, eraseBytes)) return { error: ROM_ERROR.failed };
    const length = compressed ? eraseBytes : Math.max(writeBytes, eraseBytes);
    await this.#writer.begin({ offset, length }, { compressed, eraseFirst: true });
    return {};
  }

  async #writeBlock(request: EspRequest): Promise<Reply> {
    const { length, bytes } = payloadOf(request);
    if (length !== bytes.length || length > this.#context.chip.romBlockBytes)
      return { error: ROM_ERROR.invalidMessage };
    if (checksumOf(bytes) !== request.checksum) return { error: ROM_ERROR.invalidChecksum };
    if (this.#writer.error !== null) return { error: codeOf(this.#writer.error) };
    await this.#writer.write(bytes);
    return this.#writer.error === null ? {} : { error: codeOf(this.#writer.error) };
  }

  /** The ROM does not check whether all bytes have come: the sizes of a compressed range are rounded up. */
  #end(stay: number): Reply {
    this.#writer.end();
    this.#writer.abandon();
    return { after: stay === 0 ? 'application' : 'stay' };
  }

  #loadRam(request: EspRequest): Reply {
    const { length, bytes } = payloadOf(request);
    const ram = this.#ram;
    if (length !== bytes.length || ram === null || length > ram.remaining)
      return { error: ROM_ERROR.invalidMessage };
    if (checksumOf(bytes) !== request.checksum) return { error: ROM_ERROR.invalidChecksum };
    this.#loaded.push({ start: ram.at, end: ram.at + length });
    this.#ram = { at: ram.at + length, remaining: ram.remaining - length };
    return {};
  }

  /** Starts the code at `entry`. Code that was uploaded is the stub; there is no other code to start. */
  #startRam(stay: number, entry: number): Reply {
    if (this.#ram !== null && this.#ram.remaining > 0) return { error: ROM_ERROR.failed };
    this.#ram = null;
    if (stay !== 0) return {};
    const uploaded = this.#loaded.some(({ start, end }) => entry >= start && entry < end);
    return uploaded ? { after: 'stub' } : { error: ROM_ERROR.failed };
  }
}

function codeOf(error: WriteError): number {
  return error === 'inflate' || error === 'too-much' ? ROM_ERROR.deflate : ROM_ERROR.failed;
}
