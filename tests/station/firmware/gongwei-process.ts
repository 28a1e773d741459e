import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Changes } from '../../support/until.ts';

type Event = Readonly<Record<string, unknown>> & { readonly event: string };

/** The command line in a process of its own. */
export interface GongweiProcess extends AsyncDisposable {
  readonly events: Event[];
  /** The next event of this name that fits. Rejects when the process ends before. */
  next(name: string, fits?: (event: Event) => boolean): Promise<Event>;
  /** Its exit status; null when it was killed. */
  readonly exited: Promise<number | null>;
  kill(): Promise<void>;
}

export function startGongwei(...args: string[]): GongweiProcess {
  const main = join(import.meta.dirname, '../../../out/cli/main.js');
  const child: ChildProcess = spawn(process.execPath, [main, ...args, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const events: Event[] = [];
  const changes = new Changes();
  let isOver = false;
  createInterface({ input: child.stdout! }).on('line', (line) => {
    const event = JSON.parse(line) as Event;
    events.push(event);
    changes.notify();
  });
  const exited = once(child, 'close').then(([status]) => {
    isOver = true;
    changes.notify();
    return status as number | null;
  });
  const kill = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await exited;
  };
  return {
    events,
    exited,
    kill,
    next(name, fits = () => true) {
      const from = events.length;
      const describe = (): string => `no ${name}: ${JSON.stringify(events.at(-1))}`;
      return changes.until(() => {
        const found = events.slice(from).find((event) => event.event === name && fits(event));
        if (found === undefined && isOver) throw new Error(describe());
        return found;
      }, describe);
    },
    [Symbol.asyncDispose]: kill,
  };
}
