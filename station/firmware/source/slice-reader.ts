import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import yauzl from 'yauzl';

const PIECE_BYTES = 64 * 1024;

/** A file from `start` on, as yauzl reads it: its offset 0 is `start`. Closing it closes the file. */
export class SliceReader extends yauzl.RandomAccessReader {
  readonly #handle: FileHandle;
  readonly #start: number;

  constructor(handle: FileHandle, start: number) {
    super();
    this.#handle = handle;
    this.#start = start;
  }

  /** Not a stream of Node's own over the file: that one closes it when it is destroyed. */
  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.#pieces(this.#start + start, this.#start + end), { objectMode: false });
  }

  async *#pieces(start: number, end: number): AsyncGenerator<Buffer, void, undefined> {
    for (let at = start; at < end;) {
      const size = Math.min(PIECE_BYTES, end - at);
      const { buffer, bytesRead } = await this.#handle.read(Buffer.allocUnsafe(size), 0, size, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }

  /** Headers are read by the thousand: without a stream for each. */
  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    this.#handle.read(buffer, offset, length, this.#start + position).then(
      ({ bytesRead }) => callback(bytesRead === length ? null : new Error('it ends within a header')),
      (error: unknown) => callback(error as Error),
    );
  }

  override close(callback: (error: Error | null) => void): void {
    this.#handle.close().then(
      () => callback(null),
      (error: unknown) => callback(error as Error),
    );
  }
}
