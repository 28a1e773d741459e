import { Fault } from '#shared/domain/fault.ts';
import { readPipedText } from './read-piped-line.ts';
import { readText } from './read-text.ts';

const MAX_CHARACTERS = 4096;

/**
 * Reads the token from the first line of a file, `-` for standard input: every user of this computer can read arguments.
 * Faults: `bad-input`, `file-missing`, `file-denied`.
 */
export async function readToken(file: string): Promise<string> {
  const text = file === '-' ? await readPipedText(MAX_CHARACTERS) : await readText(file);
  const token = (text.split(/\r?\n/, 1)[0] ?? '').trim();
  if (token !== '') return token;
  throw new Fault('bad-input', `${file === '-' ? 'standard input' : file} has no token`, {
    hint: 'Write the token as the first line; only this line is read.',
  });
}
