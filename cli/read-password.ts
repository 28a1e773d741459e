import { Fault } from '#shared/domain/fault.ts';
import { readPipedLine } from './read-piped-line.ts';
import { readHidden } from './read-pin.ts';
import { requireUtf8Text } from '#shared/codec/text-file.ts';

const MAX_BYTES = 1024;

/** Where a command takes a password from; never from its arguments, which every user of the computer can read. */
export interface PasswordSource {
  /** Name of the environment variable that has it. */
  readonly passwordEnv?: string;
}

/**
 * A password from an environment variable, else typed without echo, else the next line of standard input; it may be empty. Faults:
 * `bad-input`, `cancelled`.
 *
 * @param question before the cursor, as `Password of "line"`
 */
export async function readPassword(question: string, { passwordEnv }: PasswordSource): Promise<string> {
  if (passwordEnv !== undefined) {
    const value = process.env[passwordEnv];
    if (value !== undefined) return value;
    throw new Fault('bad-input', `the environment variable ${passwordEnv} is not set`, {
      hint: 'Set it to the password, or pipe the password in as one line.',
    });
  }
  if (process.stdin.isTTY) return readHidden(`${question}: `);
  const line = await readPipedLine(MAX_BYTES);
  if (line === null)
    throw new Fault('bad-input', 'no password came on standard input', {
      hint: 'Type it on a terminal, pipe it in as one line, or give --password-env.',
    });
  try {
    return requireUtf8Text(line, 'standard input');
  } finally {
    line.fill(0);
  }
}
