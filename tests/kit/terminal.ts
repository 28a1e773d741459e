import { SerialPort } from 'serialport';
import { PATIENCE_MS } from '../support/patience.ts';
import { Changes, until } from '../support/until.ts';

/** The time limit for a reply of a running unit; a booting unit does not reply. */
const UP_MS = 500;

/** A terminal program: the real serialport binding, with time limits. */
export class Terminal implements AsyncDisposable {
  readonly #port: SerialPort;
  /** Everything received since the port was opened, one character per byte. */
  all = '';
  #from = 0;
  readonly #changes = new Changes();

  private constructor(port: SerialPort) {
    this.#port = port;
    port.on('error', () => undefined);
    port.on('data', (chunk: Buffer) => {
      this.all += chunk.toString('latin1');
      this.#changes.notify();
    });
  }

  static open(path: string, baudRate = 115_200): Promise<Terminal> {
    return until(async () => {
      const port = new SerialPort({ path, baudRate, autoOpen: false });
      const error = await new Promise<Error | null>((resolve) => port.open(resolve));
      if (error === null) return new Terminal(port);
      // The program that had the port before may still be about to close it.
      if (error.message.includes('Cannot lock port')) return undefined;
      throw error;
    }, `the lock of ${path}`);
  }

  /** The received text that no `expect` has consumed yet. */
  get unread(): string {
    return this.all.slice(this.#from);
  }

  write(bytes: string | Uint8Array): Promise<void> {
    const data = typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : Buffer.from(bytes);
    return new Promise((resolve, reject) =>
      this.#port.write(data, (error) => (error ? reject(error) : resolve())),
    );
  }

  /** Waits for a match in what is unread, takes everything up to its end and gives the match. */
  expect(pattern: RegExp, timeoutMs = PATIENCE_MS): Promise<RegExpExecArray> {
    return this.#changes.until(
      () => {
        const match = pattern.exec(this.unread);
        if (match === null) return undefined;
        this.#from += match.index + match[0].length;
        return match;
      },
      () => `waited for ${String(pattern)}, got ${JSON.stringify(this.unread)}`,
      timeoutMs,
    );
  }

  /** Sends a line and waits for its answer. */
  async ask(
    line: string,
    pattern: RegExp = /^(OK|ERROR|\+CME ERR(OR)?:.*)\r\n/m,
    timeoutMs?: number,
  ): Promise<string> {
    const start = this.#from;
    await this.write(`${line}\r\n`);
    await this.expect(pattern, timeoutMs);
    return this.all.slice(start, this.#from);
  }

  /** Waits until the unit answers, as after a boot, and switches its echo off. */
  async wake(): Promise<this> {
    let attempts = 0;
    await until(() => {
      attempts += 1;
      return this.ask('ATE0', /^OK\r\n/m, UP_MS).catch(() => undefined);
    }, 'an answer of the unit');
    // Answers to earlier attempts may still come: they are all there when a command that none of these is was refused.
    // The
    // unit refuses it in other words while it is at work on one of them.
    if (attempts > 1) while (/^busy p/m.test(await this.ask('AT+NONE', /^(ERROR|busy p\.\.\.)\r\n/m)));
    return this;
  }

  async close(): Promise<void> {
    if (!this.#port.isOpen) return;
    await new Promise<void>((resolve) => this.#port.close(() => resolve()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
