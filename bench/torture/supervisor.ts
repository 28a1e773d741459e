import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface HostEvent {
  readonly event: string;
  readonly [field: string]: unknown;
}

/** The `done` event of a command, or `null` when the process was killed meanwhile. */
export type Answer = HostEvent | null;

export interface SupervisorOptions {
  readonly name: string;
  /** Path of the host's file. */
  readonly script: string;
  /** The event that says that the process is ready. */
  readonly ready: string;
  /** Returns its first command; called at each start. */
  readonly open: () => object;
  /** Whether the next process is loaded in advance. */
  readonly hasSpare: boolean;
  /** Called with each event, before other listeners. */
  readonly onEvent?: (event: HostEvent) => void;
  /** Called between a kill and the restart, when the process has ended and its files are closed. */
  readonly onKilled?: () => void;
}

interface Host {
  readonly child: ChildProcess;
  readonly exited: Promise<unknown>;
  stderr: string;
}

/**
 * Restarts one process of the torture on the same data whenever it is killed. Where there are many kills the next process is loaded
 * in advance, so that a restart takes milliseconds. A process that ends in another way than by SIGKILL is a defect and ends the torture.
 */
export class Supervisor implements AsyncDisposable {
  readonly #options: SupervisorOptions;
  readonly #listeners = new Set<(event: HostEvent) => void>();
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #current: Host | null = null;
  #spare: Host | null = null;
  #opening = Promise.withResolvers<void>();
  #ready = Promise.withResolvers<HostEvent>();
  #isReady = false;
  #lastId = 0;
  #ending = false;
  /** Number of starts. */
  incarnation = 0;
  kills = 0;
  /** Rejects when the process ends by itself. */
  readonly failed = Promise.withResolvers<never>();

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.failed.promise.catch(() => undefined);
  }

  get pid(): number {
    return this.#current?.child.pid ?? -1;
  }

  /** Resolves when the command to open has been sent. */
  opening(): Promise<void> {
    return this.#opening.promise;
  }

  /** Resolves with the ready event. */
  ready(): Promise<HostEvent> {
    return Promise.race([this.#ready.promise, this.failed.promise]);
  }

  start(): void {
    if (this.#ending) return;
    const host = this.#spare ?? this.#spawn();
    this.#spare = null;
    this.#current = host;
    this.incarnation += 1;
    this.send(this.#options.open());
    this.#opening.resolve();
  }

  /** Sends a command without an answer. */
  send(command: object): void {
    this.#current?.child.stdin?.write(`${JSON.stringify(command)}\n`);
  }

  /** Sends a command and waits for its answer; `null` when the process is killed meanwhile or is not running. */
  ask(command: object): Promise<Answer> {
    if (this.#current === null) return Promise.resolve(null);
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.send({ id, ...command });
    });
  }

  /** Kills the process; it is restarted. */
  kill(): void {
    this.#current?.child.kill('SIGKILL');
  }

  onEvent(listener: (event: HostEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Loads the next process in advance. */
  prepare(): void {
    if (!this.#ending && this.#options.hasSpare) this.#spare ??= this.#spawn();
  }

  /** Ends the process; after 5 s by SIGKILL. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending = true;
    const hosts = [this.#current, this.#spare].filter((host) => host !== null);
    for (const { child } of hosts) child.stdin?.end();
    const timer = setTimeout(() => hosts.forEach(({ child }) => child.kill('SIGKILL')), 5000);
    await Promise.all(hosts.map(({ exited }) => exited));
    clearTimeout(timer);
  }

  #spawn(): Host {
    const child = spawn(process.execPath, [this.#options.script], { stdio: ['pipe', 'pipe', 'pipe'] });
    const host: Host = { child, exited: once(child, 'exit'), stderr: '' };
    child.stdin.on('error', () => undefined);
    child.stderr.on('data', (chunk: Buffer) => (host.stderr = (host.stderr + chunk.toString()).slice(-4000)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const event = parse(line);
      if (event !== null) this.#hear(host, event);
    });
    // `close` comes after the last line of stdout, `exit` may come before.
    child.once('close', (code, signal) => this.#gone(host, code, signal));
    return host;
  }

  #hear(host: Host, event: HostEvent): void {
    if (event.event === 'host.loaded') return;
    this.#options.onEvent?.(event);
    if (event.event === 'done') {
      const id = Number(event['id']);
      this.#waiting.get(id)?.(event);
      this.#waiting.delete(id);
    }
    if (event.event === this.#options.ready && host === this.#current) {
      this.#isReady = true;
      this.#ready.resolve(event);
      this.prepare();
    }
    for (const listener of [...this.#listeners]) listener(event);
  }

  #gone(host: Host, code: number | null, signal: NodeJS.Signals | null): void {
    if (host === this.#spare) this.#spare = null;
    if (host !== this.#current) return;
    this.#current = null;
    if (!this.#ending && signal !== 'SIGKILL') {
      const message = host.stderr.trim() || 'it printed no message';
      this.failed.reject(
        new Error(`${this.#options.name} ended by itself (${signal ?? code ?? '?'}): ${message}`),
      );
      return;
    }
    this.#opening = Promise.withResolvers();
    // Waiters of a process that was killed before it was ready wait for the next one.
    if (this.#isReady) this.#ready = Promise.withResolvers();
    this.#isReady = false;
    if (!this.#ending) {
      this.kills += 1;
      this.#options.onKilled?.();
    }
    for (const answer of this.#waiting.values()) answer(null);
    this.#waiting.clear();
    this.start();
  }
}

function parse(line: string): HostEvent | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'event' in value ? (value as HostEvent) : null;
  } catch {
    return null;
  }
}
