import { writeSync } from 'node:fs';
import { Duplex } from 'node:stream';
import { ReadStream } from 'node:tty';
import { hasErrno } from '#node-kit/files/index.ts';

/** How soon to try again when the kernel's buffer is full; there is no event for that but the reader's reading. */
const FULL_RETRY_MS = 2;

/**
 * A pty master as a stream that never blocks. Reading is libuv's; writing is not, because libuv writes to a master
 * with blocking calls: one station that does not read would stop every unit of the process.
 */
export class PtyStream extends Duplex {
  readonly #fd: number;
  readonly #source: ReadStream;
  #retry: NodeJS.Timeout | null = null;

  /** Takes over a master that was opened with O_NONBLOCK, and closes it when destroyed. */
  constructor(fd: number) {
    super({ allowHalfOpen: false });
    this.#fd = fd;
    this.#source = new ReadStream(fd);
    this.#source.on('data', (chunk: Uint8Array) => {
      if (!this.push(chunk)) this.#source.pause();
    });
    // EIO at hang-up is how a master ends.
    this.#source.once('error', () => this.destroy());
    this.#source.once('end', () => this.destroy());
  }

  override _read(): void {
    this.#source.resume();
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#put(chunk, done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#source.destroy();
    done(error);
  }

  #put(chunk: Uint8Array, done: (error?: Error | null) => void): void {
    this.#retry = null;
    let written: number;
    try {
      written = writeSync(this.#fd, chunk);
    } catch (error) {
      if (!hasErrno(error, 'EAGAIN')) return done(error as Error);
      written = 0;
    }
    if (written === chunk.length) return done();
    this.#retry = setTimeout(() => this.#put(chunk.subarray(written), done), FULL_RETRY_MS);
  }
}
