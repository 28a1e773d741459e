import { constants, homedir } from 'node:os';
import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { Fault } from '#shared/domain/fault.ts';
import { defaultDataDir } from '#shared/host/index.ts';
import { onOutputClosed } from './output-closed.ts';

/** What every command has. */
export interface CommonOptions {
  readonly data: string;
  readonly json?: boolean;
}

/** A command with `--data` and `--json`, as every command has them. */
export function command(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--data <dir>', 'data directory', defaultDataDir(process.env, process.platform, homedir()))
    .option('--json', 'JSON Lines on stdout');
}

/** A group of commands, without options of its own. */
export function group(name: string, description: string, members: readonly Command[]): Command {
  const parent = new Command(name).description(description);
  for (const member of members) parent.addCommand(member);
  return parent;
}

export function dataDirOf(options: CommonOptions): string {
  return resolve(options.data);
}

/** A whole number in a range, for commander. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`${text} is not a whole number from ${min} to ${max}.`);
  };
}

/**
 * One Ctrl-C reaches this process several times: from the terminal, and from each program that started it and passes
 * signals on (`bin/gongwei.mjs`, npm, `timeout`). Service managers signal all of them, too.
 */
const SAME_INTERRUPT_MS = 1000;

/**
 * Fires on Ctrl-C, on SIGTERM, on SIGHUP (the terminal was closed), and when the reader of the output is gone. The work then
 * stops in good order. A further signal after one second ends the process at once.
 */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  let firstAtMs = 0;
  const stop = (name: NodeJS.Signals): void => {
    const nowMs = performance.now();
    if (!controller.signal.aborted) {
      firstAtMs = nowMs;
      controller.abort(stoppedBySignal(name));
    } else if (nowMs - firstAtMs >= SAME_INTERRUPT_MS) process.exit(128 + constants.signals[name]);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.on('SIGHUP', stop);
  onOutputClosed(() => controller.abort(OUTPUT_CLOSED));
  return controller.signal;
}

const OUTPUT_CLOSED = new Fault('cancelled', 'the command was ended: nobody reads its output any more', {
  details: { by: 'output-closed' },
});

/** Why work ends: Ctrl-C is a person's, any other signal is not. */
function stoppedBySignal(name: NodeJS.Signals): Fault {
  return new Fault('cancelled', REASONS[name] ?? `the command was ended by ${name}`, {
    details: { by: name },
  });
}

const REASONS: Partial<Record<NodeJS.Signals, string>> = {
  SIGINT: 'stopped by Ctrl-C at the terminal',
  SIGHUP: 'the terminal of the command was closed',
};

/** Resolves when the signal fires. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) return done();
    const alive = setInterval(() => undefined, 2 ** 30);
    signal.addEventListener('abort', () => (clearInterval(alive), done()), { once: true });
  });
}
