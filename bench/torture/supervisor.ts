import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface HostEvent {
  readonly event: string;
  readonly [field: string]: unknown;
}

/** What an order came to: what `done` said, or `null` when the process died over it. */
export type Answer = HostEvent | null;

export interface KeeperOptions {
  readonly name: string;
  /** Path of the host's file. */
  readonly script: string;
  /** The event that says that it is open. */
  readonly ready: string;
  /** Its first order, asked for anew at each start. */
  readonly open: () => object;
  /** Told of each event, before anybody who waits for it. */
  readonly onEvent?: (event: HostEvent) => void;
  /** Told between a kill and the restart, when the process is gone for certain and nobody has its files open. */
  readonly onKilled?: () => void;
}

interface Host {
  readonly child: ChildProcess;
  readonly exited: Promise<unknown>;
  stderr: string;
}

/**
 * Keeps one process of the torture alive: whenever it is killed it is started again on the same data. The next one
 * is loaded beforehand and waits, so that a kill costs a moment and not a second. A process that ends in any other
 * way than by SIGKILL is a defect and ends the torture.
 */
export class Keeper implements AsyncDisposable {
  readonly #options: KeeperOptions;
  readonly #listeners = new Set<(event: HostEvent) => void>();
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #current: Host | null = null;
  #spare: Host | null = null;
  #opening = Promise.withResolvers<void>();
  #ready = Promise.withResolvers<HostEvent>();
  #isReady = false;
  #lastId = 0;
  #ending = false;
  /** How often it was started. */
  incarnation = 0;
  kills = 0;
  /** Rejects when the process ends by itself. */
  readonly failed = Promise.withResolvers<never>();

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.failed.promise.catch(() => undefined);
  }

  get pid(): number {
    return this.#current?.child.pid ?? -1;
  }

  /** Resolves when the process has been told to open; it may not have begun. */
  opening(): Promise<void> {
    return this.#opening.promise;
  }

  /** Resolves when the process is at work, with what it said then. */
  ready(): Promise<HostEvent> {
    return Promise.race([this.#ready.promise, this.failed.promise]);
  }

  start(): void {
    if (this.#ending) return;
    const host = this.#spare ?? this.#spawn();
    this.#spare = null;
    this.#current = host;
    this.incarnation += 1;
    this.tell(this.#options.open());
    this.#opening.resolve();
  }

  /** An order without an answer. */
  tell(order: object): void {
    this.#current?.child.stdin?.write(`${JSON.stringify(order)}\n`);
  }

  /** An order, and what came of it; `null` when the process dies meanwhile, or is not there. */
  ask(order: object): Promise<Answer> {
    if (this.#current === null) return Promise.resolve(null);
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.tell({ id, ...order });
    });
  }

  /** Kills it now, if it lives. It is started again. */
  kill(): void {
    this.#current?.child.kill('SIGKILL');
  }

  onEvent(listener: (event: HostEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Loads the next process now, while there is time. */
  prepare(): void {
    if (!this.#ending) this.#spare ??= this.#spawn();
  }

  /** Ends it for good: it gets the time to close. */
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
    // After the last line it said, not only after its end.
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
      const why = host.stderr.trim() || 'it said nothing';
      this.failed.reject(
        new Error(`${this.#options.name} ended by itself (${signal ?? code ?? '?'}): ${why}`),
      );
      return;
    }
    this.#opening = Promise.withResolvers();
    // Whoever waits for one that died before it was ready waits for the next.
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
