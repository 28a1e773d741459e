import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { withDeadline } from '#node-kit/async/index.ts';
import { hostSystem } from '#node-kit/host-system/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { resource } from '../program.ts';

export interface CliEvent {
  readonly event: string;
  readonly [field: string]: unknown;
}

/** Another `gongwei` process that communicates by JSON Lines. Disposing ends it and waits for its exit. */
export interface CliProcess extends AsyncDisposable {
  readonly pid: number;
  /** All events so far. */
  readonly events: readonly CliEvent[];
  /** Fires when the process exits before it is disposed; the reason is a `tool-missing` fault with its last error. */
  readonly exitSignal: AbortSignal;
  send(line: object): void;
  /** The first matching event, past or future. Faults: `tool-missing` when the process exits before, `timeout`. */
  waitFor(fits: (event: CliEvent) => boolean, timeoutMs: number): Promise<CliEvent>;
  /** As `waitFor`, for future events only. */
  next(fits: (event: CliEvent) => boolean, timeoutMs: number): Promise<CliEvent>;
}

/** The same flags as in `scripts/setup/run-in-place.mjs`. */
const NODE_FLAGS = ['--disable-sigusr1', '--disable-warning=ExperimentalWarning'];
const KILL_AFTER_MS = 5000;

/** This program under the same Node, as a command for other processes. */
export function cliCommand(
  program = process.argv[1] ?? resource('cli/main.ts'),
): readonly [string, ...string[]] {
  return [process.execPath, ...NODE_FLAGS, program];
}

/**
 * Starts this program again with other arguments, under the same Node.
 *
 * @param program the file of the program; default the current one
 */
export function startCliProcess(args: readonly string[], program?: string): CliProcess {
  const name = args.slice(0, 2).join(' ');
  const [file, ...own] = cliCommand(program);
  const child = spawn(file, [...own, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // The child watches this process, which cannot end it when it is killed itself.
    env: { ...process.env, GONGWEI_ANCESTORS: String(process.pid) },
  });
  const listeners = new Set<(event: CliEvent) => void>();
  const seen: CliEvent[] = [];
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString()).slice(-2000)));
  child.stdin.on('error', () => undefined);
  // A failed start is also reported by `close`.
  child.on('error', (error) => (stderr += error.message));
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = parse(line);
    if (event === null) return;
    seen.push(event);
    for (const listener of [...listeners]) listener(event);
  });
  let disposed = false;
  const [closed, exited] = [new AbortController(), new AbortController()];
  const ended = new Promise<void>((resolve) =>
    child.once('close', (_, signal) => {
      const reason = exitFault(name, seen, stderr, signal);
      closed.abort(reason);
      if (!disposed) exited.abort(reason);
      resolve();
    }),
  );

  const next: CliProcess['next'] = async (fits, timeoutMs) => {
    const found = Promise.withResolvers<CliEvent>();
    const listener = (event: CliEvent): void => {
      if (fits(event)) found.resolve(event);
    };
    const onTimeout = (): never => {
      throw new Fault('timeout', `"${name}" did not answer in ${timeoutMs} ms`, {
        hint: stderr.trim() || 'Try again.',
      });
    };
    listeners.add(listener);
    try {
      return await withDeadline(found.promise, { timeoutMs, signal: closed.signal, onTimeout });
    } finally {
      listeners.delete(listener);
    }
  };

  return {
    pid: child.pid ?? -1,
    events: seen,
    exitSignal: exited.signal,
    send: (line) => void child.stdin.write(`${JSON.stringify(line)}\n`),
    waitFor(fits, timeoutMs) {
      const known = seen.find(fits);
      return known === undefined ? next(fits, timeoutMs) : Promise.resolve(known);
    },
    next,
    async [Symbol.asyncDispose]() {
      disposed = true;
      await end(child, ended);
    },
  };
}

function parse(line: string): CliEvent | null {
  try {
    const value: unknown = JSON.parse(line);
    return isEvent(value) ? value : null;
  } catch {
    return null;
  }
}

function isEvent(value: unknown): value is CliEvent {
  return typeof value === 'object' && value !== null && 'event' in value && typeof value.event === 'string';
}

function exitFault(
  name: string,
  seen: readonly CliEvent[],
  stderr: string,
  signal: NodeJS.Signals | null,
): Fault {
  const reported = seen.find((event) => event.event === 'error');
  const message =
    typeof reported?.['message'] === 'string'
      ? reported['message']
      : (stderr.trim().split('\n').at(-1) ?? '');
  const how = signal === null ? '' : ` by ${signal}`;
  return new Fault(
    'tool-missing',
    `"${name}" ended${how}: ${message === '' ? 'it printed no message' : message}`,
    {
      hint: typeof reported?.['hint'] === 'string' ? reported['hint'] : 'Start again.',
    },
  );
}

async function end(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    // On Windows every signal kills. These programs also end, in good order, with their standard input.
    if (hostSystem().kind === 'windows') child.stdin?.end();
    else child.kill('SIGTERM');
  }
  const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  await ended;
  clearTimeout(timer);
}
