import type { NorFlash } from '../../flash/index.ts';
import { delay } from '../../platform/index.ts';
import { type BootStage, ByteQueue, type RealWait } from '../boot/index.ts';
import { FlashLoader } from './flash-loader.ts';
import { FAILURE, IspIo } from './isp-io.ts';
import { RamImage } from './ram-image.ts';

/**
 * The sample's fixture holds the boot pin high for this time after power-on. It is not shortened by `timeScale`, because the
 * station has to be fast enough for it.
 */
const BURN_MODE_MS = 500;
const UNLIMITED_MS = 2 ** 31 - 1;
const LOADER_START_MS = 50;
const ROM_VERSION = Buffer.of(1, 0, 0, 0);
const OTP_BYTES = 16;
const BOOT2_AT = 0;
const FIRMWARE_AT = 0x10000;
const MARK_BYTES = 16;

export interface Bl602Options {
  readonly memory: NorFlash;
  readonly send: (bytes: Uint8Array) => void;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly realWait?: RealWait;
  readonly setBaudRate: (baudRate: number | null) => void;
  readonly commandStarted: () => void;
  /** Whether the flash has the firmware of the factory, which the simulator does not store. */
  readonly isFactory: () => boolean;
  /** Whether the chip takes signed programs only. */
  readonly isLocked: () => boolean;
  /** Called with the SHA-256 of the firmware that was written and proven, hex. */
  readonly onFirmware: (sha256: string) => Promise<void>;
}

/** The boot ROM of a BL602 with its boot pin high: it finds the speed, loads a program into its RAM and runs it. */
export class Bl602BootStage implements BootStage {
  readonly #options: Bl602Options;
  readonly #queue: ByteQueue;
  readonly #io: IspIo;

  constructor(options: Bl602Options) {
    this.#options = options;
    this.#queue = new ByteQueue(options.realWait);
    this.#io = new IspIo(this.#queue, options.send);
  }

  receive(bytes: Uint8Array): void {
    this.#queue.push(bytes);
  }

  async run(signal: AbortSignal): Promise<void> {
    this.#options.setBaudRate(null);
    for (let isFirst = true; ; isFirst = false) {
      this.#queue.clear();
      const called = await this.#called(isFirst, signal);
      if (!called) return;
      const end = await this.#session(signal);
      if (end === 'reset' && this.#canBoot()) return;
    }
  }

  /** A chip without firmware waits for ever, and so does one that was called before, until it is reset. */
  async #called(isFirst: boolean, signal: AbortSignal): Promise<boolean> {
    if (!isFirst || !this.#canBoot()) return (await this.#io.handshake(UNLIMITED_MS, signal)) !== null;
    const { wait, realWait = delay } = this.#options;
    const over = new AbortController();
    const until = AbortSignal.any([signal, over.signal]);
    const windowEnded = Promise.all([wait(BURN_MODE_MS, until), realWait(BURN_MODE_MS, until)]);
    const called = this.#io.handshake(UNLIMITED_MS, until);
    for (const either of [windowEnded, called]) either.catch(() => undefined);
    try {
      return (await Promise.race([windowEnded.then(() => null), called])) !== null;
    } finally {
      over.abort();
    }
  }

  async #session(signal: AbortSignal): Promise<'reset' | 'lost'> {
    if (!(await this.#loadProgram(signal))) return 'lost';
    await this.#options.wait(LOADER_START_MS, signal);
    this.#queue.clear();
    const loader = new FlashLoader({ ...this.#options, io: this.#io });
    for (;;) {
      if ((await this.#io.handshake(UNLIMITED_MS, signal)) === null) return 'lost';
      const end = await loader.run(signal);
      if (end !== 'silent') return end === 'reset' ? 'reset' : 'lost';
    }
  }

  /** False when the station stops in between. */
  async #loadProgram(signal: AbortSignal): Promise<boolean> {
    let image = new RamImage();
    for (;;) {
      const command = await this.#io.command(signal);
      if (command === null) return false;
      this.#options.commandStarted();
      const { id, data } = command;
      const answer = (failure: number | null, echo?: Uint8Array): void =>
        failure === null ? this.#io.ok(echo) : this.#io.fail(failure);
      if (id === 0x10) this.#io.ok(Buffer.concat([ROM_VERSION, Buffer.alloc(OTP_BYTES)]));
      else if (id === 0x11) {
        image = new RamImage();
        answer(this.#options.isLocked() ? FAILURE.signature : image.takeHeader(data));
      } else if (id === 0x17) answer(image.takeSegment(data), data);
      else if (id === 0x18) answer(image.takeData(data));
      else if (id === 0x19) answer(image.check());
      else if (id === 0x1a) {
        answer(image.check());
        if (image.check() === null) return true;
      } else this.#io.fail(FAILURE.commandId);
    }
  }

  #canBoot(): boolean {
    const { memory, isFactory } = this.#options;
    if (isFactory()) return true;
    return [BOOT2_AT, FIRMWARE_AT].every((at) => memory.read(at, MARK_BYTES).some((byte) => byte !== 0xff));
  }
}
