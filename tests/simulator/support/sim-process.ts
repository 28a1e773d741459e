import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import type { SimUnitsOptions } from '#simulator';

type Line = Readonly<Record<string, unknown>> & { readonly event: string };

/** The simulator as a child process: what a station's machine sees of a bench. */
export class SimProcess implements AsyncDisposable {
  readonly lines: Line[] = [];
  readonly #child: ChildProcess;
  readonly #exited: Promise<number | null>;
  #waiting: (() => void)[] = [];

  constructor(options: SimUnitsOptions) {
    const script = fileURLToPath(new URL('./sim-child.ts', import.meta.url));
    this.#child = spawn(process.execPath, [script, JSON.stringify(options)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#exited = new Promise((resolve) => this.#child.once('exit', (code) => resolve(code)));
    this.#child.stdin!.on('error', () => undefined);
    createInterface({ input: this.#child.stdout! }).on('line', (line) => {
      this.lines.push(JSON.parse(line) as Line);
      for (const wake of this.#waiting.splice(0)) wake();
    });
    void this.#exited.then(() => this.#waiting.splice(0).forEach((wake) => wake()));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  order(line: object | string): void {
    this.#child.stdin!.write(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
  }

  async event(name: string, fits: (line: Line) => boolean = () => true, timeoutMs = 10_000): Promise<Line> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const found = this.lines.find((line) => line.event === name && fits(line));
      if (found !== undefined) return found;
      const leftMs = deadline - performance.now();
      if (leftMs <= 0 || this.#child.exitCode !== null)
        throw new Error(`no ${name} in ${JSON.stringify(this.lines)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  closeStdin(): void {
    this.#child.stdin!.end();
  }

  /** Ends the process with a signal and gives its exit status (`null` when the signal killed it). */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
    this.#child.kill(signal);
    return this.#exited;
  }

  get exited(): Promise<number | null> {
    return this.#exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await this.end('SIGTERM');
  }
}
