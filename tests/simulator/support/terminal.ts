import { setTimeout as sleep } from 'node:timers/promises';
import { SerialPort } from 'serialport';

const LOCKED_ATTEMPTS = 40;
const LOCKED_PAUSE_MS = 50;

/** A person at a terminal program: the real serialport binding, and patience with a limit. */
export class Terminal implements AsyncDisposable {
  readonly #port: SerialPort;
  /** Everything received since the port was opened, one character per byte. */
  all = '';
  #from = 0;
  #waiting: (() => void) | null = null;

  private constructor(port: SerialPort) {
    this.#port = port;
    port.on('error', () => undefined);
    port.on('data', (chunk: Buffer) => {
      this.all += chunk.toString('latin1');
      this.#waiting?.();
    });
  }

  static async open(path: string, baudRate = 115_200): Promise<Terminal> {
    for (let attempt = 1; ; attempt++) {
      const port = new SerialPort({ path, baudRate, autoOpen: false });
      const error = await new Promise<Error | null>((resolve) => port.open(resolve));
      if (error === null) return new Terminal(port);
      // Whoever had the port before may still be about to let go of it.
      if (attempt === LOCKED_ATTEMPTS || !error.message.includes('Cannot lock port')) throw error;
      await sleep(LOCKED_PAUSE_MS);
    }
  }

  /** What has come in and no `expect` has taken yet. */
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
  async expect(pattern: RegExp, timeoutMs = 3_000): Promise<RegExpExecArray> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const match = pattern.exec(this.unread);
      if (match !== null) {
        this.#from += match.index + match[0].length;
        return match;
      }
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) throw new Error(`waited for ${String(pattern)}, got ${JSON.stringify(this.unread)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.#waiting = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#waiting = null;
    }
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
    for (let attempt = 0; attempt < 20; attempt++) {
      try {
        await this.ask('ATE0', /^OK\r\n/m, 250);
        return this;
      } catch {
        // It is booting still.
      }
    }
    throw new Error(`nobody answers, got ${JSON.stringify(this.all)}`);
  }

  async close(): Promise<void> {
    if (!this.#port.isOpen) return;
    await new Promise<void>((resolve) => this.#port.close(() => resolve()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
