import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { DISK_HINTS, fileFaultCodeOf, isDiskFaultCode } from '#node-kit/files/index.ts';
import { Fault } from '#shared/domain/fault.ts';

/** So much waits for the end of a turn at most. */
const MOST_WAITING = 16_384;

/**
 * A file of JSON Lines that has each line at the end of the turn in which it was said, whole, whatever happens to the
 * process after it. A line that cannot be written is not forgotten: see `broken`.
 */
export class LineFile implements Disposable {
  readonly #file: string;
  readonly #fd: number;
  #lines = 0;
  #characters = 0;
  #broken: Fault | null = null;
  #closed = false;
  #waiting = '';

  /** Faults: `disk-full`, `file-denied`, also when it is there already. */
  constructor(file: string) {
    this.#file = file;
    this.#fd = create(file);
  }

  /** How many lines there are, and so the number of the next one. */
  get lines(): number {
    return this.#lines;
  }

  /** Its size, near enough: what is no ASCII counts less than it takes. */
  get characters(): number {
    return this.#characters;
  }

  /** Why something could not be written: `disk-full`, `file-denied`. */
  get broken(): Fault | null {
    return this.#broken;
  }

  write(value: object): number {
    if (this.#closed) return this.#lines;
    if (this.#waiting === '') setImmediate(() => this.flush());
    const line = `${JSON.stringify(value)}\n`;
    this.#characters += line.length;
    this.#waiting += line;
    if (this.#waiting.length > MOST_WAITING) this.flush();
    return this.#lines++;
  }

  /** Writes what waits. */
  flush(): void {
    if (this.#closed || this.#waiting === '') return;
    const text = Buffer.from(this.#waiting);
    this.#waiting = '';
    try {
      // A disk that has room for a part of it takes that part and says nothing.
      for (let at = 0; at < text.length;) at += writeSync(this.#fd, text, at);
    } catch (cause) {
      this.#broken ??= unwritable(this.#file, 'cannot be written', cause);
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
  const trouble = fileFaultCodeOf(cause);
  if (isDiskFaultCode(trouble)) return new Fault(trouble, message, { hint: DISK_HINTS[trouble], cause });
  return new Fault('file-denied', message, {
    hint: 'Check the disk, and give this user write permission on the data directory.',
    cause,
  });
}
