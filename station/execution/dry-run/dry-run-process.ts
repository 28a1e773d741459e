import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type DryRunEvent, dryRunEvent } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';

/** A dry run that lasts longer is ended: its questions have limits of time of their own. */
const MAX_MS = 30 * 60_000;
const KILL_AFTER_MS = 8000;
const KEPT_ERROR_CHARACTERS = 2000;

/** The process of a dry run. */
export interface DryRunProcess {
  /** Resolves when it has exited: with a fault when it had no end of its own. */
  readonly ended: Promise<Fault | null>;
  send(line: object): void;
  /** Ends it in order, and by force when it stays. */
  stop(): void;
}

/** Starts a process that reports by lines of JSON; see `dryRunEvent`. It ends when this process is gone. */
export function startDryRunProcess(
  command: readonly string[],
  onEvent: (event: DryRunEvent) => void,
): DryRunProcess {
  const [file = '', ...args] = command;
  const child = spawn(file, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, GONGWEI_ANCESTORS: String(process.pid) },
    windowsHide: true,
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-KEPT_ERROR_CHARACTERS);
  });
  child.stdin.on('error', () => undefined);
  child.on('error', (error) => (errors += error.message));
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = parse(line);
    if (event !== null) onEvent(event);
  });
  let kill: NodeJS.Timeout | undefined;
  const stop = (): void => {
    child.kill('SIGTERM');
    kill ??= setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  };
  const limit = setTimeout(stop, MAX_MS);
  const ended = new Promise<Fault | null>((resolve) =>
    child.once('close', (status) => {
      clearTimeout(limit);
      clearTimeout(kill);
      const message = errors.trim().split('\n').at(-1) ?? '';
      resolve(
        status === 0
          ? null
          : new Fault(
              'tool-missing',
              `the dry run ended: ${message === '' ? 'without a message' : message}`,
              {
                hint: 'Start it again.',
              },
            ),
      );
    }),
  );
  return { ended, send: (line) => void child.stdin.write(`${JSON.stringify(line)}\n`), stop };
}

function parse(line: string): DryRunEvent | null {
  try {
    return dryRunEvent.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
