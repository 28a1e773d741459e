import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

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
  const exited = once(child, 'close').then(([status]) => status as number | null);
  const events: Event[] = [];
  const waiting = new Set<(event: Event) => void>();
  createInterface({ input: child.stdout! }).on('line', (line) => {
    const event = JSON.parse(line) as Event;
    events.push(event);
    for (const tell of waiting) tell(event);
  });
  const kill = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await exited;
  };
  return {
    events,
    exited,
    kill,
    next: (name, fits = () => true) =>
      new Promise((resolve, reject) => {
        const tell = (event: Event): void => {
          if (event.event !== name || !fits(event)) return;
          waiting.delete(tell);
          resolve(event);
        };
        waiting.add(tell);
        void exited.then(() => reject(new Error(`ended before ${name}: ${JSON.stringify(events.at(-1))}`)));
      }),
    [Symbol.asyncDispose]: kill,
  };
}
