import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import yauzl from 'yauzl';
import type { ZipExtent } from './find-zip.ts';

const PIECE_BYTES = 64 * 1024;
/** The last field of the end record (APPNOTE 4.3.16). */
const COMMENT_LENGTH_BYTES = 2;

/**
 * Gives yauzl the part of a file that is a zip, from its first byte to its end record, with an empty comment: yauzl refuses
 * other bytes, and a comment may contain what looks like an end record. Closing it closes the file.
 */
export class SliceReader extends yauzl.RandomAccessReader {
  readonly #handle: FileHandle;
  readonly #start: number;
  readonly sizeBytes: number;

  constructor(handle: FileHandle, { start, end }: ZipExtent) {
    super();
    this.#handle = handle;
    this.#start = start;
    this.sizeBytes = end - start;
  }

  /** Not a stream of the file handle, which would close the handle when it is destroyed. */
  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.#pieces(this.#start + start, this.#start + end), { objectMode: false });
  }

  async *#pieces(start: number, end: number): AsyncGenerator<Buffer, void, undefined> {
    for (let position = start; position < end;) {
      const size = Math.min(PIECE_BYTES, end - position);
      const { buffer, bytesRead } = await this.#handle.read(Buffer.allocUnsafe(size), 0, size, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }

  /** Reads without a stream, because there are thousands of headers. */
  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    this.#handle.read(buffer, offset, length, this.#start + position).then(
      ({ bytesRead }) => {
        const commentLength = this.sizeBytes - COMMENT_LENGTH_BYTES - position;
        if (commentLength >= 0 && commentLength + COMMENT_LENGTH_BYTES <= length)
          buffer.fill(0, offset + commentLength, offset + commentLength + COMMENT_LENGTH_BYTES);
        callback(bytesRead === length ? null : new Error('the file ends within a header'));
      },
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
