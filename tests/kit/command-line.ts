import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PATIENCE_MS } from '../support/patience.ts';
import { Changes } from '../support/until.ts';

/** The built command line, as `npx gongwei` starts it. */
export const COMMAND_LINE = join(import.meta.dirname, '../../out/cli/main.js');

/** A line of JSON on the standard output. */
export interface CommandEvent {
  readonly event: string;
  readonly [field: string]: unknown;
}

export interface CommandResult {
  /** Exit status; `null` when a signal ended the process. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly events: readonly CommandEvent[];
}

/** A command in a process of its own. Disposing kills it. */
export interface RunningCommand extends AsyncDisposable {
  readonly pid: number;
  readonly ended: Promise<CommandResult>;
  /** The first event that fits, past or to come; rejects when the process ends without it. */
  event(name: string, fits?: (event: CommandEvent) => boolean, withinMs?: number): Promise<CommandEvent>;
  signal(name: NodeJS.Signals): void;
  /** Kills the process and waits for its end. */
  kill(): Promise<void>;
  /** Writes the whole standard input and closes it. */
  input(text: string): void;
}

/** Starts a command of the product under this Node. The default data directory does not exist. */
export function startCommand(args: readonly string[], env: NodeJS.ProcessEnv = {}): RunningCommand {
  const child: ChildProcessWithoutNullStreams = spawn(process.execPath, [COMMAND_LINE, ...args], {
    env: { ...process.env, GONGWEI_DATA: '/nonexistent/gongwei', ...env },
  });
  let stdout = '';
  let stderr = '';
  const events: CommandEvent[] = [];
  const changes = new Changes();
  let isOver = false;
  // A command that does not read its input may have ended before it is written.
  child.stdin.on('error', () => undefined);
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith('{')) events.push(JSON.parse(line) as CommandEvent);
    changes.notify();
  });
  const ended = once(child, 'close').then(([status]) => {
    isOver = true;
    changes.notify();
    return { status: status as number | null, stdout, stderr, events };
  });
  const kill = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await ended;
  };
  return {
    pid: child.pid ?? -1,
    ended,
    event(name, fits = () => true, withinMs = PATIENCE_MS) {
      const describe = (): string => `${isOver ? 'ended' : 'goes on'} without ${name}: ${stdout}${stderr}`;
      return changes.until(
        () => {
          const found = events.find((event) => event.event === name && fits(event));
          if (found === undefined && isOver) throw new Error(describe());
          return found;
        },
        describe,
        withinMs,
      );
    },
    signal: (name) => void child.kill(name),
    kill,
    input: (text) => void child.stdin.end(text),
    [Symbol.asyncDispose]: kill,
  };
}

/** Runs a command of the product in a process of its own, with this standard input, to its end. */
export async function runCommand(args: readonly string[], input = ''): Promise<CommandResult> {
  await using command = startCommand(args);
  command.input(input);
  return await command.ended;
}

/** Writes a list of serial numbers to a file and returns its path. */
export function writeSerials(dir: string, serials: readonly string[]): string {
  const file = join(dir, `serials-${serials.join('-')}`);
  writeFileSync(file, `${serials.join('\n')}\n`);
  return file;
}
