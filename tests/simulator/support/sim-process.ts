import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import type { SimUnitsOptions } from '#simulator';

import { Changes } from '../../support/until.ts';

type Line = Readonly<Record<string, unknown>> & { readonly event: string };

/** The simulator as a child process: what a station's machine sees of a simulator. */
export class SimProcess implements AsyncDisposable {
  readonly lines: Line[] = [];
  readonly #child: ChildProcess;
  readonly #exited: Promise<number | null>;
  readonly #changes = new Changes();

  constructor(options: SimUnitsOptions) {
    const script = fileURLToPath(new URL('./sim-child.ts', import.meta.url));
    this.#child = spawn(process.execPath, [script, JSON.stringify(options)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#exited = new Promise((resolve) => this.#child.once('exit', (code) => resolve(code)));
    this.#child.stdin!.on('error', () => undefined);
    createInterface({ input: this.#child.stdout! }).on('line', (line) => {
      this.lines.push(JSON.parse(line) as Line);
      this.#changes.notify();
    });
    void this.#exited.then(() => this.#changes.notify());
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  order(line: object | string): void {
    this.#child.stdin!.write(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
  }

  event(name: string, fits: (line: Line) => boolean = () => true): Promise<Line> {
    const describe = (): string => `no ${name} in ${JSON.stringify(this.lines)}`;
    return this.#changes.until(() => {
      const found = this.lines.find((line) => line.event === name && fits(line));
      if (found === undefined && this.#child.exitCode !== null) throw new Error(describe());
      return found;
    }, describe);
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
