import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Fault } from '#shared/domain/fault.ts';
import { resource } from '../resources.ts';

export interface ChildEvent {
  readonly event: string;
  readonly [field: string]: unknown;
}

/** Another `gongwei` process that talks in JSON Lines. Disposing ends it and waits until it is gone. */
export interface Child extends AsyncDisposable {
  readonly pid: number;
  /** All it has said so far. */
  readonly events: readonly ChildEvent[];
  send(line: object): void;
  onEvent(listener: (event: ChildEvent) => void): () => void;
  /** The next event that fits. Faults: `tool-missing` when the process ends before, `timeout`. */
  waitFor(fits: (event: ChildEvent) => boolean, timeoutMs: number): Promise<ChildEvent>;
}

const KILL_AFTER_MS = 5000;

/** Starts this program again with other arguments, under the same Node. */
export function startChild(args: readonly string[]): Child {
  const name = args.slice(0, 2).join(' ');
  const entry = process.argv[1] ?? resource('cli/main.ts');
  const child = spawn(process.execPath, [entry, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: process.env,
  });
  const listeners = new Set<(event: ChildEvent) => void>();
  const seen: ChildEvent[] = [];
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-2000)));
  child.stdin.on('error', () => undefined);
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = parse(line);
    if (event === null) return;
    seen.push(event);
    for (const listener of [...listeners]) listener(event);
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));

  return {
    pid: child.pid ?? -1,
    events: seen,
    send: (line) => void child.stdin.write(`${JSON.stringify(line)}\n`),
    onEvent(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    waitFor(fits, timeoutMs) {
      const known = seen.find(fits);
      if (known !== undefined) return Promise.resolve(known);
      return new Promise((resolve, reject) => {
        const listener = (event: ChildEvent): void => {
          if (!fits(event)) return;
          over();
          resolve(event);
        };
        const timer = setTimeout(() => {
          over();
          reject(
            new Fault('timeout', `"${name}" did not get ready in ${timeoutMs} ms`, {
              hint: stderr.trim() || 'Try again.',
            }),
          );
        }, timeoutMs);
        const over = (): void => {
          clearTimeout(timer);
          listeners.delete(listener);
        };
        listeners.add(listener);
        void ended.then(() => {
          over();
          reject(failed(name, seen, stderr));
        });
      });
    },
    [Symbol.asyncDispose]: () => end(child, ended),
  };
}

function parse(line: string): ChildEvent | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'event' in value ? (value as ChildEvent) : null;
  } catch {
    return null;
  }
}

function failed(name: string, seen: readonly ChildEvent[], stderr: string): Fault {
  const said = seen.find((event) => event.event === 'error');
  const message =
    typeof said?.['message'] === 'string' ? said['message'] : (stderr.trim().split('\n').at(-1) ?? '');
  return new Fault('tool-missing', `"${name}" ended: ${message === '' ? 'it said nothing' : message}`);
}

async function end(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  await ended;
  clearTimeout(timer);
}
