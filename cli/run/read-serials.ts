import { readFileSync } from 'node:fs';
import { addAbortSignal, type Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { abortFault, Fault } from '#shared/domain/fault.ts';

/** A serial number of a list, and the line of the file that it stands in, from 1. */
export interface ListedSerial {
  readonly line: number;
  readonly serialNumber: string;
}

/**
 * The serial numbers of a file, one a line, blanks around them and empty lines left out; `-` is standard input. Faults:
 * `file-missing`, `bad-input` (not UTF-8, which is told with the line; no serial number), the signal's reason.
 */
export async function readSerials(
  file: string,
  signal: AbortSignal,
  stdin: Readable = process.stdin,
): Promise<ListedSerial[]> {
  const name = file === '-' ? 'standard input' : file;
  let bytes: Uint8Array;
  try {
    // By the stream: a pipe that has nothing yet may refuse a plain read (EAGAIN).
    bytes = file === '-' ? await buffer(addAbortSignal(signal, stdin)) : readFileSync(file);
  } catch (cause) {
    if (signal.aborted) throw abortFault(signal);
    throw new Fault(
      'file-missing',
      `the serial numbers cannot be read from ${name || 'a file without a name'}`,
      {
        hint: 'Check the path, or use - for stdin.',
        cause,
      },
    );
  }
  const listed = linesOf(bytes, name)
    .map((text, at) => ({ line: at + 1, serialNumber: text.trim() }))
    .filter(({ serialNumber }) => serialNumber !== '');
  if (listed.length > 0) return listed;
  throw new Fault('bad-input', `${name} has no serial numbers`, { hint: 'One per line.' });
}

function linesOf(bytes: Uint8Array, name: string): string[] {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const lines: string[] = [];
  for (let begin = 0; begin <= bytes.length;) {
    const found = bytes.indexOf(0x0a, begin);
    const end = found < 0 ? bytes.length : found;
    const line = bytes.subarray(begin, end);
    try {
      if (line.includes(0)) throw new TypeError('a NUL byte');
      lines.push(decoder.decode(line));
    } catch (cause) {
      throw new Fault('bad-input', `${name}:${lines.length + 1}: this file is not UTF-8 text`, {
        hint: 'Save it as UTF-8. No unit was started.',
        cause,
      });
    }
    begin = end + 1;
  }
  return lines;
}
