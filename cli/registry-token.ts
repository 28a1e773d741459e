import { isIP } from 'node:net';
import { Fault } from '#shared/domain/fault.ts';
import { readPipedText } from './piped-line.ts';
import { readText } from './read-text.ts';

const MOST_CHARACTERS = 4096;

/**
 * The token from a file's first line, `-` for standard input: arguments can be read by every user of this computer.
 * Faults: `bad-input`, `file-missing`, `file-denied`.
 */
export async function readToken(file: string): Promise<string> {
  const text = file === '-' ? await readPipedText(MOST_CHARACTERS) : await readText(file);
  const token = (text.split(/\r?\n/, 1)[0] ?? '').trim();
  if (token !== '') return token;
  throw new Fault('bad-input', `no token ${file === '-' ? 'came on standard input' : `stands in ${file}`}`, {
    hint: 'It is the first line, and nothing else is read.',
  });
}

/** True for an address at which tokens and secrets go over a network that may be listened to. */
export function isReadableOnTheWay(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  if (protocol !== 'http:') return false;
  const bare = hostname.replace(/^\[|\]$/g, '');
  const isHere = bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'));
  return !isHere;
}
