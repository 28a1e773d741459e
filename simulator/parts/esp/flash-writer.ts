import { BLOCK_BYTES, type FlashWork, type NorFlash, SECTOR_BYTES } from '../../flash/index.ts';
import { Inflater } from './inflater.ts';

export type WriteError = 'not-begun' | 'inflate' | 'too-little' | 'too-much' | 'flash';

/** A range of the flash that a loader has written, as the image was given: without padding. */
export interface WrittenRange {
  readonly offset: number;
  readonly length: number;
}

export interface FlashWriterOptions {
  readonly flash: NorFlash;
  /** Waits the duration of an erase or a write. Throws when the supply failed during it. */
  readonly work: (work: FlashWork) => Promise<void>;
  /** Called when a range is complete, or left as it is. */
  readonly onWritten: (range: WrittenRange) => void;
}

/** The state of both loaders between a BEGIN and an END: where the next bytes go, and how many are missing. */
export class FlashWriter {
  readonly #options: FlashWriterOptions;
  #begun = false;
  #offset = 0;
  #next = 0;
  #remaining = 0;
  /** End of the range that is erased so far. */
  #erasedTo = 0;
  #inflater: Inflater | null = null;
  #reported = true;
  #error: WriteError | null = null;

  constructor(options: FlashWriterOptions) {
    this.#options = options;
  }

  /** The error of an earlier block; a loader replies it to the next one. */
  get error(): WriteError | null {
    return this.#begun ? this.#error : 'not-begun';
  }

  /** `length` in bytes, decompressed. With `eraseFirst` the whole range is erased now, otherwise as it is written. */
  async begin(
    range: WrittenRange,
    how: { readonly compressed: boolean; readonly eraseFirst: boolean },
  ): Promise<void> {
    this.abandon();
    this.#begun = true;
    this.#reported = false;
    this.#offset = range.offset;
    this.#next = range.offset;
    this.#remaining = range.length;
    this.#erasedTo = Math.floor(range.offset / SECTOR_BYTES) * SECTOR_BYTES;
    this.#inflater = how.compressed ? new Inflater() : null;
    this.#error = null;
    if (how.eraseFirst && range.length > 0) await this.#eraseTo(range.offset + range.length);
  }

  /** Writes a block, decompressed if the range is compressed. Bytes beyond the range are padding. */
  async write(block: Buffer): Promise<void> {
    if (this.#inflater === null) return this.#program(block);
    const bytes = await this.#inflater.push(block);
    if (bytes === null) {
      this.#error = 'inflate';
      return;
    }
    if (bytes.length > this.#remaining) this.#error = 'too-much';
    else await this.#program(bytes);
  }

  /** Ends the range. The error is that of its blocks. */
  end(): WriteError | null {
    const error = this.#begun && this.#remaining > 0 && this.#error === null ? 'too-little' : this.error;
    if (error === null) this.abandon();
    return error;
  }

  /** Discards the state, as a reset does. */
  abandon(): void {
    this.#report();
    this.#inflater?.[Symbol.dispose]();
    this.#inflater = null;
    this.#begun = false;
  }

  async #program(bytes: Buffer): Promise<void> {
    const part = bytes.subarray(0, this.#remaining);
    if (part.length === 0) return;
    const { flash } = this.#options;
    if (this.#next + part.length > flash.bytes) {
      this.#error = 'flash';
      return;
    }
    await this.#eraseTo(this.#next + part.length);
    await this.#options.work(flash.program(this.#next, part));
    this.#next += part.length;
    this.#remaining -= part.length;
    if (this.#remaining === 0) this.#report();
  }

  #report(): void {
    if (this.#reported || this.#next === this.#offset) return;
    this.#reported = true;
    this.#options.onWritten({ offset: this.#offset, length: this.#next - this.#offset });
  }

  /** Erases from where the erased range ends, by whole blocks as far as the range to write allows it. */
  async #eraseTo(end: number): Promise<void> {
    if (end <= this.#erasedTo) return;
    const rangeEnd = Math.ceil((this.#next + this.#remaining) / SECTOR_BYTES) * SECTOR_BYTES;
    const blockEnd = Math.ceil(end / BLOCK_BYTES) * BLOCK_BYTES;
    const to = Math.min(rangeEnd, blockEnd);
    await this.#options.work(this.#options.flash.erase(this.#erasedTo, to - this.#erasedTo));
    this.#erasedTo = to;
  }
}
