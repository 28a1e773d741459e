import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { Fault } from '#shared/domain/fault.ts';
import type { Station } from '#station';
import { printError } from './output.ts';
import { readHidden, readPiped } from './read-pin.ts';
import { readText } from './read-text.ts';
import { terminalSession } from './terminal-session.ts';

/** The options that `withApprover` declares, as commander parses them. */
export interface ApproverFlags {
  readonly approver: string;
  readonly approverPinFile?: string;
}

export const NO_PINS = 'this station has no users with PINs';

/** Where PINs are entered, for the lock after wrong PINs: the same for all commands of this process. */
const TERMINAL = {};

/** Adds `--approver` and `--approver-pin-file`, for commands that a second person must approve. */
export function withApprover(command: Command, who: string): Command {
  return withApproverPin(command.requiredOption('--approver <name>', `${who}; a second person`));
}

/** For a command whose `--approver` is not always needed. */
export function withApproverPin(command: Command): Command {
  return command.option(
    '--approver-pin-file <file>',
    'file with the PIN of the approver, - for standard input; typed at the terminal when left out',
  );
}

/**
 * The approver of a command line. The PIN is requested only when users have PINs; it is typed without echo, or is the first
 * line of a file or of standard input, and never an argument, which other users can read.
 */
export function approverOf({ approver, approverPinFile }: ApproverFlags): {
  readonly approver: string;
  readonly approverPin: (name: string) => Promise<string>;
  readonly attemptSource: object;
  readonly alsoNot: string;
} {
  const alsoNot = terminalSession().user;
  return {
    approver,
    attemptSource: TERMINAL,
    alsoNot,
    approverPin: (name) => approverPin(name, approverPinFile),
  };
}

async function approverPin(name: string, file: string | undefined): Promise<string> {
  if (file === '-') return readPiped();
  if (file !== undefined) return (await readText(file)).split(/\r?\n/, 1)[0] ?? '';
  if (process.stdin.isTTY) return readHidden(`PIN of ${name}: `);
  throw new Fault('approver-refused', `${name} cannot approve this without a PIN`, {
    hint: 'Run it on a terminal, where the approver types the PIN, or give --approver-pin-file FILE (- is standard input).',
    details: { approver: name },
  });
}

/**
 * To be called before an act with an approver. Prints a warning when the station has no users, because the approver cannot
 * be proven then. Waits while the name is locked after wrong PINs, so that the command need not be run again for each try.
 */
export async function beforeApproval(
  station: Pick<Station, 'access' | 'database'>,
  { approver }: ApproverFlags,
  signal: AbortSignal,
): Promise<void> {
  if (!station.database.users.hasEverExisted()) return warnUnproven(approver, NO_PINS);
  const ms = station.access.waitMs(approver);
  if (ms === 0) return;
  printError(`too many wrong PINs for ${approver}: waiting ${Math.ceil(ms / 1000)} s`);
  await sleep(ms, undefined, { signal });
}

/** On standard error, because standard output has the result of the command. */
export function warnUnproven(approver: string, reason: string): void {
  printError(
    `the approver ${approver.trim()} is recorded as not proven: ${reason}. Add users: "gongwei user add NAME --role support"`,
  );
}
