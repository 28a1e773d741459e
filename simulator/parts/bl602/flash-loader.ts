import type { FlashWork, NorFlash } from '../../flash/index.ts';
import { FAILURE, type IspCommand, type IspIo } from './isp-io.ts';

const FIRMWARE_AT = 0x10000;

export interface FlashLoaderOptions {
  readonly memory: NorFlash;
  readonly io: IspIo;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly commandStarted: () => void;
  readonly onFirmware: (sha256: string) => Promise<void>;
}

/** `silent`: the station stopped in between. `brown-out`: the supply failed during a write. */
export type LoaderEnd = 'reset' | 'silent' | 'brown-out';

/** The vendor's flash loader in the RAM of a BL602. */
export class FlashLoader {
  readonly #options: FlashLoaderOptions;
  #hasWritten = false;

  constructor(options: FlashLoaderOptions) {
    this.#options = options;
  }

  /** Executes commands after a handshake. */
  async run(signal: AbortSignal): Promise<LoaderEnd> {
    const { io, commandStarted } = this.#options;
    for (;;) {
      const command = await io.command(signal);
      if (command === null) return 'silent';
      commandStarted();
      if (!command.isWhole) {
        io.fail(FAILURE.commandSum);
        continue;
      }
      const end = await this.#execute(command, signal);
      if (end !== null) return end;
    }
  }

  async #execute({ id, data }: IspCommand, signal: AbortSignal): Promise<LoaderEnd | null> {
    const { io, memory } = this.#options;
    switch (id) {
      case 0x21:
        io.ok();
        return 'reset';
      case 0x30: {
        const [start, end] = [wordAt(data, 0), wordAt(data, 4)];
        if (data.length !== 8 || end < start || end >= memory.bytes) return this.#fail(FAILURE.writeAddress);
        return this.#spend(memory.erase(start, end - start + 1), signal);
      }
      case 0x31: {
        if (data.length < 5) return this.#fail(FAILURE.writeParameters);
        const at = wordAt(data, 0);
        if (at + data.length - 4 > memory.bytes) return this.#fail(FAILURE.writeAddress);
        this.#hasWritten = true;
        return this.#spend(memory.program(at, data.subarray(4)), signal);
      }
      case 0x3a:
        io.ok();
        return null;
      case 0x3c:
        return this.#spend(memory.erase(0, memory.bytes), signal);
      case 0x3d: {
        if (data.length !== 8) return this.#fail(FAILURE.commandLength);
        const [at, length] = [wordAt(data, 0), wordAt(data, 4)];
        if (at + length > memory.bytes) return this.#fail(FAILURE.writeAddress);
        const sha256 = memory.sha256Hex(at, length);
        if (at === FIRMWARE_AT && this.#hasWritten) await this.#options.onFirmware(sha256);
        io.ok(Buffer.from(sha256, 'hex'));
        return null;
      }
      default:
        return this.#fail(FAILURE.commandId);
    }
  }

  #fail(code: number): null {
    this.#options.io.fail(code);
    return null;
  }

  async #spend({ ms, brownOut }: FlashWork, signal: AbortSignal): Promise<'brown-out' | null> {
    if (brownOut) return 'brown-out';
    await this.#options.wait(ms, signal);
    this.#options.io.ok();
    return null;
  }
}

function wordAt(data: Buffer, at: number): number {
  return data.length >= at + 4 ? data.readUInt32LE(at) : 0;
}
