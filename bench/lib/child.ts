import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A process of its own that says one JSON line when it is ready, and ends when its standard input is closed. */
export interface Child<T> extends AsyncDisposable {
  readonly said: T;
  /** Ends it and gives the last line it said. */
  lastWords(): Promise<string>;
}

export async function startChild<T>(script: URL, args: readonly string[]): Promise<Child<T>> {
  const child = spawn(process.execPath, [script.pathname, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const lines = createInterface(child.stdout);
  let last = '';
  lines.on('line', (line) => (last = line));
  const closed = once(lines, 'close');
  await Promise.race([
    once(lines, 'line'),
    exited.then(([status]) => {
      throw new Error(`${script.pathname} ended with ${status} before it was ready`);
    }),
  ]);
  const end = async (): Promise<void> => {
    child.stdin.end();
    await Promise.all([exited, closed]);
  };
  return {
    said: JSON.parse(last) as T,
    async lastWords() {
      await end();
      return last;
    },
    [Symbol.asyncDispose]: end,
  };
}
