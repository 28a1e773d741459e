import { writeSync } from 'node:fs';
import { Duplex } from 'node:stream';
import { ReadStream } from 'node:tty';
import { hasErrno } from '#node-kit/files/index.ts';

/** Retry interval while the kernel's buffer is full. The kernel has no event for a buffer that has room again. */
const FULL_RETRY_MS = 2;

/**
 * A pty master as a stream that never blocks. libuv reads from it but does not write, because libuv writes to a master
 * with blocking calls: one station that does not read would block all units of the process.
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
    // A master ends with EIO when it is hung up.
    this.#source.once('error', () => this.destroy());
    this.#source.once('end', () => this.destroy());
  }

  override _read(): void {
    this.#source.resume();
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#writeChunk(chunk, done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#source.destroy();
    done(error);
  }

  #writeChunk(chunk: Uint8Array, done: (error?: Error | null) => void): void {
    this.#retry = null;
    let written: number;
    try {
      written = writeSync(this.#fd, chunk);
    } catch (error) {
      if (!hasErrno(error, 'EAGAIN')) return done(error as Error);
      written = 0;
    }
    if (written === chunk.length) return done();
    this.#retry = setTimeout(() => this.#writeChunk(chunk.subarray(written), done), FULL_RETRY_MS);
  }
}
