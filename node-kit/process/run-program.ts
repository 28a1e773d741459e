import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { StringDecoder } from 'node:string_decoder';
import { abortFault, Fault } from '#shared/domain/fault.ts';
import { hasErrno } from '../files/index.ts';
import { hostSystem } from '../host-system/index.ts';
import { endMarked } from './end-marked.ts';

/** A program that was asked to end does so within this time, or is ended. */
const TERM_MS = 1000;
/** A process that is still there so long after it was ended waits for a driver that hangs: the system cannot end it. */
const GIVE_UP_MS = 5000;
/** Output of a process that has ended arrives within this time; a child that left its group may keep the pipe open. */
const DRAIN_MS = 500;
/** Marks the program and its children: also one that leaves the group is found again. */
const MARK_VARIABLE = '__GONGWEI_PROGRAM';
/** A longer line is cut. */
const MAX_LINE_CHARACTERS = 4096;

export interface ProgramOptions {
  readonly cwd: string;
  /** The whole environment of the program. */
  readonly env: Readonly<Record<string, string>>;
  /** Gets each line of both outputs; a line that the program writes over by a carriage return is one, too. */
  readonly onLine: (line: string) => void;
  /** Ends the program with its children. */
  readonly signal: AbortSignal;
  /** By which `endProgram` finds the program and its children after this process was killed. No other program has the same mark. */
  readonly mark?: string;
}

/**
 * Runs a program without a shell until it ends; resolves to its exit status, or to null when a signal of the system ended it.
 * Its children end with it; outside of Linux, one that leaves its group (`setsid`) does not. A program that the system cannot end,
 * because its driver hangs, is left to itself a few seconds after the signal. Faults: `tool-missing`, `file-denied` for a file that this system does not run, the
 * signal's reason.
 */
export async function runProgram(
  file: string,
  args: readonly string[],
  { cwd, env, onLine, signal, mark = randomUUID() }: ProgramOptions,
): Promise<number | null> {
  if (signal.aborted) throw abortFault(signal);
  const child = spawn(file, args, {
    cwd,
    env: { ...env, [MARK_VARIABLE]: mark },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, which a signal reaches as a whole.
    detached: hostSystem().kind !== 'windows',
    windowsHide: true,
  });
  const flush = [child.stdout, child.stderr].map((output) => readLines(output, onLine));
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', (cause) => reject(notStarted(file, cause)));
    child.once('exit', (status) => resolve(status));
  });
  let force: NodeJS.Timeout | undefined;
  const givenUp = Promise.withResolvers<never>();
  givenUp.promise.catch(() => undefined);
  const endAll = (): void => {
    endGroup(child, 'SIGKILL');
    endProgram(mark);
  };
  const stop = (): void => {
    endGroup(child, 'SIGTERM');
    force = setTimeout(() => {
      endAll();
      force = setTimeout(() => givenUp.reject(abortFault(signal)), GIVE_UP_MS);
    }, TERM_MS);
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    const status = await Promise.race([ended, givenUp.promise]);
    endAll();
    await Promise.race([closed, after(DRAIN_MS)]);
    for (const rest of flush) rest();
    if (signal.aborted) throw abortFault(signal);
    return status;
  } finally {
    clearTimeout(force);
    signal.removeEventListener('abort', stop);
    child.stdout.destroy();
    child.stderr.destroy();
    // One that was left to itself does not keep this process.
    child.unref();
  }
}

/**
 * Ends what is left of a program of `runProgram` whose starter was killed, with its children. Does nothing outside of Linux.
 *
 * @param mark that of the program
 */
export function endProgram(mark: string): void {
  endMarked(`${MARK_VARIABLE}=${mark}`);
}

/** Passes on the lines of an output; the result passes on what follows the last line end. */
function readLines(output: NodeJS.ReadableStream, onLine: (line: string) => void): () => void {
  const decoder = new StringDecoder('utf8');
  let line = '';
  const end = (): void => {
    if (line.trim() !== '') onLine(line.slice(0, MAX_LINE_CHARACTERS));
    line = '';
  };
  output.on('error', () => undefined);
  output.on('data', (chunk: Buffer) => {
    const [first = '', ...others] = decoder.write(chunk).split(/[\r\n]/);
    if (line.length < MAX_LINE_CHARACTERS) line += first;
    for (const other of others) {
      end();
      line = other;
    }
  });
  return end;
}

function endGroup(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  const { pid } = child;
  if (pid === undefined) return;
  if (hostSystem().kind === 'windows') {
    // Windows has no groups of processes; its own tool ends a process with its children.
    spawn('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true }).on(
      'error',
      () => void child.kill(),
    );
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch {
    // The whole group has ended.
  }
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms).unref());
}

function notStarted(file: string, cause: Error): Fault {
  const details = { tool: file };
  if (hasErrno(cause, 'ENOENT'))
    return new Fault('tool-missing', `there is no program ${file} on this computer`, {
      hint: 'Install it, or name its present path in the settings of the station.',
      details,
      cause,
    });
  return new Fault('file-denied', `${file} cannot be started: ${cause.message}`, {
    hint: 'Name a program that this computer runs, and that this user may run.',
    details,
    cause,
  });
}
