import { SECTOR_BYTES } from '../../flash/index.ts';
import { FlashWriter, type WriteError } from './flash-writer.ts';
import { type AfterCommand, type Loader, type LoaderContext, securityInfo } from './loader.ts';
import { checksumOf, ESP, type EspRequest, payloadOf, replyOf, STUB_ERROR, wordsOf } from './protocol.ts';
import { ReadSession } from './read-session.ts';

const BLOCK_BYTES = 0x4000;
const HEADERS_BYTES = 24;
const SYNC_REPLIES = 8;
/** The stub changes its bit rate this time after its reply. */
const BAUD_PAUSE_MS = 10;
const NO_DATA = Buffer.alloc(0);

/** First and second status byte, and data before them. */
interface Reply {
  readonly error?: number;
  readonly value?: number;
  readonly data?: Uint8Array;
  /** Work after the reply: the next command waits for it. (A promise would call a method `then`.) */
  readonly finish?: () => Promise<void>;
  readonly after?: AfterCommand;
}

/**
 * The loader that a station uploads. It acknowledges a block when it has arrived and writes it while the next one is on the
 * line; it erases as it writes; a block's error is the status of the next command.
 */
export class StubLoader implements Loader {
  readonly frameBytes = BLOCK_BYTES + 64;
  readonly #context: LoaderContext;
  readonly #writer: FlashWriter;
  #reading: ReadSession | null = null;
  #ramRemaining = 0;

  constructor(context: LoaderContext) {
    this.#context = context;
    this.#writer = new FlashWriter(context);
  }

  /** The first frame of a stub. */
  greet(): void {
    this.#context.reply(Buffer.from('OHAI'));
  }

  abandon(): void {
    this.#writer.abandon();
    this.#reading = null;
  }

  raw(frame: Buffer): void {
    if (this.#reading === null) return;
    this.#reading.acknowledge(frame);
    if (this.#reading.done) this.#reading = null;
  }

  async handle(request: EspRequest): Promise<AfterCommand> {
    // This command has no reply.
    if (request.command === ESP.runUserCode) return 'application';
    if (this.#reading !== null) return 'stay';
    const reply = await this.#execute(request);
    const content = replyOf(
      request.command,
      reply.value ?? 0,
      reply.error === undefined ? (reply.data ?? NO_DATA) : NO_DATA,
      Buffer.of(reply.error ?? 0, 0),
    );
    const repeats = request.command === ESP.sync && reply.error === undefined ? SYNC_REPLIES : 1;
    for (let n = 0; n < repeats; n++) this.#context.reply(content);
    if (reply.error === undefined) await reply.finish?.();
    return reply.after ?? 'stay';
  }

  async #execute(request: EspRequest): Promise<Reply> {
    const word = wordsOf(request.data);
    const { flash, registers } = this.#context;
    if (!lengthFits(request)) return { error: STUB_ERROR.dataLength };
    switch (request.command) {
      case ESP.sync:
        return {};
      case ESP.readRegister:
        return { value: registers.read(word(0)) };
      case ESP.writeRegister:
        for (let at = 0; at + 16 <= request.data.length; at += 16)
          registers.write(word(at / 4), word(at / 4 + 1), word(at / 4 + 2));
        return {};
      case ESP.spiAttach:
      case ESP.spiSetParameters:
        return {};
      case ESP.securityInfo:
        return this.#securityInfo();
      case ESP.changeBaudRate:
        return { finish: () => this.#changeBaudRate(word(0)) };
      case ESP.flashMd5:
        return { data: flash.md5(word(0), word(1)) };
      case ESP.eraseFlash:
        await this.#context.work(flash.erase(0, flash.bytes));
        return {};
      case ESP.eraseRegion:
        return this.#erase(word(0), word(1));
      case ESP.readFlash:
        return { finish: async () => this.#read(word) };
      case ESP.memBegin:
        this.#ramRemaining = word(0);
        return {};
      case ESP.memData:
        return this.#loadRam(request);
      case ESP.memEnd:
        return this.#ramRemaining > 0 ? { error: STUB_ERROR.notEnoughData } : {};
      case ESP.flashBegin:
      case ESP.deflateBegin:
        return this.#begin(request.command === ESP.deflateBegin, word);
      case ESP.flashData:
      case ESP.deflateData:
        return this.#takeBlock(request);
      case ESP.flashEnd:
      case ESP.deflateEnd:
        return this.#end(word(0));
      default:
        return { error: STUB_ERROR.notImplemented };
    }
  }

  #securityInfo(): Reply {
    const { chip } = this.#context;
    if (!chip.tellsSecurity) return { error: STUB_ERROR.notImplemented };
    return { data: securityInfo(chip, this.#context.lock()) };
  }

  async #changeBaudRate(baudRate: number): Promise<void> {
    await this.#context.wait(BAUD_PAUSE_MS);
    this.#context.setBaudRate(baudRate);
  }

  async #erase(offset: number, length: number): Promise<Reply> {
    const aligned = offset % SECTOR_BYTES === 0 && length % SECTOR_BYTES === 0;
    if (!aligned || offset + length > this.#context.flash.bytes) return { error: STUB_ERROR.spiOperation };
    await this.#context.work(this.#context.flash.erase(offset, length));
    return {};
  }

  #read(word: (index: number) => number): void {
    const session = new ReadSession(
      { offset: word(0), length: word(1), packetBytes: word(2), unacknowledgedBytes: word(3) },
      this.#context,
    );
    this.#reading = session;
    session.start();
    if (session.done) this.#reading = null;
  }

  #loadRam(request: EspRequest): Reply {
    const { bytes } = payloadOf(request);
    if (bytes.length > this.#ramRemaining) return { error: STUB_ERROR.tooMuchData };
    this.#ramRemaining -= bytes.length;
    return {};
  }

  async #begin(compressed: boolean, word: (index: number) => number): Promise<Reply> {
    if (word(2) > BLOCK_BYTES) return { error: STUB_ERROR.blockSize };
    await this.#writer.begin({ offset: word(3), length: word(0) }, { compressed, eraseFirst: false });
    return {};
  }

  #takeBlock(request: EspRequest): Reply {
    const { length, bytes } = payloadOf(request);
    if (this.#writer.error !== null) return { error: codeOf(this.#writer.error) };
    if (length !== bytes.length) return { error: STUB_ERROR.dataLength };
    if (checksumOf(bytes) !== request.checksum) return { error: STUB_ERROR.checksum };
    return { finish: () => this.#writer.write(bytes) };
  }

  #end(stay: number): Reply {
    const error = this.#writer.end();
    if (error !== null) return { error: codeOf(error) };
    return { after: stay === 0 ? 'application' : 'stay' };
  }
}

/** Number of data bytes of the commands with a fixed one. */
const DATA_BYTES: ReadonlyMap<number, number> = new Map([
  [ESP.sync, 36],
  [ESP.readRegister, 4],
  [ESP.spiAttach, 4],
  [ESP.spiSetParameters, 24],
  [ESP.securityInfo, 0],
  [ESP.changeBaudRate, 8],
  [ESP.flashMd5, 16],
  [ESP.eraseFlash, 0],
  [ESP.eraseRegion, 8],
  [ESP.readFlash, 16],
  [ESP.memBegin, 16],
  [ESP.memEnd, 8],
  [ESP.flashBegin, 16],
  [ESP.deflateBegin, 16],
]);

function lengthFits(request: EspRequest): boolean {
  const expected = DATA_BYTES.get(request.command);
  if (request.data.length > BLOCK_BYTES + HEADERS_BYTES) return false;
  return expected === undefined || request.data.length === expected;
}

function codeOf(error: WriteError): number {
  switch (error) {
    case 'not-begun':
      return STUB_ERROR.notInFlashMode;
    case 'inflate':
      return STUB_ERROR.inflate;
    case 'too-little':
      return STUB_ERROR.notEnoughData;
    case 'too-much':
      return STUB_ERROR.tooMuchData;
    case 'flash':
      return STUB_ERROR.spiOperation;
  }
}
