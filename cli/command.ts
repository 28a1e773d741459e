import { constants, homedir } from 'node:os';
import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { hostSystem } from '#node-kit/host-system/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { defaultDataDir } from '#shared/host/index.ts';
import { onOutputClosed } from './output-closed.ts';

/** The options of every command. */
export interface CommonOptions {
  readonly data: string;
  readonly json?: boolean;
}

/** A command with `--data` and `--json`. */
export function command(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option('--data <dir>', 'data directory', defaultDataDir(process.env, hostSystem().platform, homedir()))
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
 * Signals within this time count as one. One Ctrl-C reaches this process several times: from the terminal, and from each
 * parent that forwards signals (`bin/gongwei.mjs`, npm, `timeout`). Service managers also signal all of them.
 */
const SAME_INTERRUPT_MS = 1000;

/**
 * Fires on Ctrl-C, on SIGTERM, on SIGHUP (the terminal was closed), and when the reader of the output has closed it. The
 * command then stops in an orderly way. A further signal after one second ends the process at once.
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
  // Ctrl-Break; other systems have no such signal.
  if (hostSystem().kind === 'windows') process.on('SIGBREAK', stop);
  onOutputClosed(() => controller.abort(OUTPUT_CLOSED));
  return controller.signal;
}

/** Fires when standard input ends: the parent process has closed it, or has ended. */
export function stdinClosed(): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => controller.abort(new Fault('cancelled', 'the standard input was closed'));
  process.stdin.once('end', stop).once('close', stop).resume();
  return controller.signal;
}

const OUTPUT_CLOSED = new Fault(
  'cancelled',
  'the command was ended: the reader of its output has closed it',
  {
    details: { by: 'output-closed' },
  },
);

/** The abort reason for a signal. */
function stoppedBySignal(name: NodeJS.Signals): Fault {
  return new Fault('cancelled', REASONS[name] ?? `the command was ended by ${name}`, {
    details: { by: name },
  });
}

const REASONS: Partial<Record<NodeJS.Signals, string>> = {
  SIGINT: 'stopped by Ctrl-C at the terminal',
  SIGHUP: 'the terminal of the command was closed',
};
