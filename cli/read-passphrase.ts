import { withoutBom } from '#shared/codec/text-file.ts';
import { Fault } from '#shared/domain/fault.ts';
import { readPipedLine } from './read-piped-line.ts';
import { readHidden } from './read-pin.ts';

const MAX_BYTES = 1024;

/**
 * Reads a passphrase from the keyboard without echo, or the next line of standard input, in UTF-8; the caller wipes it.
 * `anew`: a new passphrase, which is typed twice. Faults: `bad-input`, `cancelled`.
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
  const line = await readPipedLine(MAX_BYTES);
  const passphrase = line === null ? null : Buffer.from(withoutBom(line));
  line?.fill(0);
  if (passphrase !== null && passphrase.length > 0 && passphrase.length < MAX_BYTES) return passphrase;
  const problem = (passphrase?.length ?? 0) === 0 ? 'no passphrase came' : 'more than a passphrase came';
  throw new Fault('bad-input', `${problem} on standard input`, {
    hint: 'Run it on a terminal and type it, or pipe it in as one line.',
  });
}
