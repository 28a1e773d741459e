import { withoutBom } from '#shared/codec/text-file.ts';
import { Fault } from '#shared/domain/fault.ts';
import { readHidden } from './read-pin.ts';

const MOST_BYTES = 1024;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * A passphrase from the keyboard without showing it, or the first line of standard input, in UTF-8; the caller wipes it.
 * `anew`: one that is being chosen is typed twice. Faults: `bad-input`, `cancelled`.
 */
export async function readPassphrase(
  question: string,
  { anew }: { readonly anew: boolean },
): Promise<Buffer> {
  if (!process.stdin.isTTY) return fromPipe();
  const text = await readHidden(`${question}: `);
  if (!anew || text === (await readHidden('once more: '))) return Buffer.from(text);
  throw new Fault('bad-input', 'that was not the same passphrase twice', { hint: 'Run the command again.' });
}

async function fromPipe(): Promise<Buffer> {
  const heard = Buffer.alloc(MOST_BYTES);
  let length = 0;
  for await (const chunk of process.stdin) {
    const bytes = chunk as Buffer;
    length += bytes.copy(heard, length);
    bytes.fill(0);
    if (length === MOST_BYTES || heard.subarray(0, length).includes(LINE_FEED)) break;
  }
  const end = heard.subarray(0, length).indexOf(LINE_FEED);
  let line = heard.subarray(0, end < 0 ? length : end);
  if (line.at(-1) === CARRIAGE_RETURN) line = line.subarray(0, -1);
  const passphrase = Buffer.from(withoutBom(line));
  heard.fill(0);
  if (passphrase.length > 0 && length < MOST_BYTES) return passphrase;
  const why = passphrase.length === 0 ? 'no passphrase came' : 'more than a passphrase came';
  throw new Fault('bad-input', `${why} on standard input`, {
    hint: 'Run it on a terminal and type it, or pipe it in as one line.',
  });
}
