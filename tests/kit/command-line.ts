import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { GONGWEI } from '../cli/support/gongwei.ts';
import { Changes } from '../support/until.ts';
import { PATIENCE_MS } from '../support/patience.ts';

export interface Said {
  readonly event: string;
  readonly [field: string]: unknown;
}

export interface Ended {
  /** Exit status, `null` when a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What stdout says, line by line, when it speaks JSON. */
  readonly events: readonly Said[];
}

/** A `gongwei` process under way. Disposing kills it. */
export interface Running extends AsyncDisposable {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  /** The first event that fits, past or to come; rejects when the process ends without. */
  event(name: string, fits?: (event: Said) => boolean, withinMs?: number): Promise<Said>;
  signal(name: NodeJS.Signals): void;
  /** Gives it its standard input, whole. */
  input(text: string): void;
}

/** Starts the command line as a person would, under this Node. Its own data directory is never the person's. */
export function start(args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
  const child: ChildProcessWithoutNullStreams = spawn(process.execPath, [GONGWEI, ...args], {
    env: { ...process.env, GONGWEI_DATA: '/nonexistent/gongwei', ...env },
  });
  let stdout = '';
  let stderr = '';
  const events: Said[] = [];
  const changes = new Changes();
  let isOver = false;
  child.stdin.on('error', () => undefined);
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  createInterface({ input: child.stdout }).on('line', (line) => {
    stdout += `${line}\n`;
    if (line.startsWith('{')) events.push(JSON.parse(line) as Said);
    changes.notify();
  });
  const ended = once(child, 'close').then(([status]) => {
    isOver = true;
    changes.notify();
    return { status: status as number | null, stdout, stderr, events };
  });
  return {
    pid: child.pid ?? -1,
    ended,
    event: (name, fits = () => true, withinMs = PATIENCE_MS) => {
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
    input: (text) => void child.stdin.end(text),
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Writes a list of serial numbers to a file and returns its path. */
export function writeSerials(dir: string, serials: readonly string[]): string {
  const file = join(dir, `serials-${serials.join('-')}`);
  writeFileSync(file, `${serials.join('\n')}\n`);
  return file;
}
