import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { DISK_HINTS, fileFaultCodeOf, isDiskFaultCode } from '#node-kit/files/index.ts';
import { Fault } from '#shared/domain/fault.ts';

/** Lines are collected until the end of the event-loop turn, and no longer than this many characters. */
const MAX_BUFFERED_CHARACTERS = 16_384;

/**
 * A file of JSON Lines. A line is in the file at the end of the event-loop turn in which it was written, so that it
 * outlives the process. A line that could not be written is remembered in `error`.
 */
export class JsonLinesFile implements Disposable {
  readonly #file: string;
  readonly #fd: number;
  #lines = 0;
  #characters = 0;
  #error: Fault | null = null;
  #closed = false;
  #buffered = '';

  /** Faults: `disk-full`, `disk-read-only`, `disk-failing`; `file-denied`, also when the file exists. */
  constructor(file: string) {
    this.#file = file;
    this.#fd = create(file);
  }

  /** Number of the next line. */
  get lines(): number {
    return this.#lines;
  }

  /** Number of characters, which is less than the bytes where there are others than ASCII. */
  get characters(): number {
    return this.#characters;
  }

  /** Why a line could not be written: `disk-full`, `disk-read-only`, `disk-failing`, `file-denied`; null when all were. */
  get error(): Fault | null {
    return this.#error;
  }

  write(value: object): number {
    if (this.#closed) return this.#lines;
    if (this.#buffered === '') setImmediate(() => this.flush());
    const line = `${JSON.stringify(value)}\n`;
    this.#characters += line.length;
    this.#buffered += line;
    if (this.#buffered.length > MAX_BUFFERED_CHARACTERS) this.flush();
    return this.#lines++;
  }

  /** Writes the buffered lines. */
  flush(): void {
    if (this.#closed || this.#buffered === '') return;
    const text = Buffer.from(this.#buffered);
    this.#buffered = '';
    try {
      // A disk that is nearly full takes a part of the text without an error.
      for (let offset = 0; offset < text.length;) offset += writeSync(this.#fd, text, offset);
    } catch (cause) {
      this.#error ??= unwritable(this.#file, 'cannot be written', cause);
    }
  }

  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.flush();
    this.#closed = true;
    closeSync(this.#fd);
  }
}

function create(file: string): number {
  try {
    mkdirSync(dirname(file), { recursive: true });
    return openSync(file, 'wx', 0o600);
  } catch (cause) {
    throw unwritable(file, 'cannot be made', cause);
  }
}

function unwritable(file: string, what: string, cause: unknown): Fault {
  const message = `the recording ${file} ${what}; a unit is not tested without it`;
  const faultCode = fileFaultCodeOf(cause);
  if (isDiskFaultCode(faultCode))
    return new Fault(faultCode, message, { hint: DISK_HINTS[faultCode], cause });
  return new Fault('file-denied', message, {
    hint: 'Check the disk, and give this user write permission on the data directory.',
    cause,
  });
}
