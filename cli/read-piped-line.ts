import type { Readable } from 'node:stream';
import { requireUtf8Text } from '#shared/codec/text-file.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * The next line of a pipe as bytes, which the caller wipes; the rest stays in the pipe for the next call. `null` at the end of
 * the pipe. Of a longer line it returns the first `maxBytes`; it reads the other bytes up to the line feed and drops them.
 */
export async function readPipedLine(
  maxBytes: number,
  from: Readable = process.stdin,
): Promise<Buffer | null> {
  const line = Buffer.alloc(maxBytes);
  let length = 0;
  let ended = false;
  holdOpen(from, true);
  for await (const chunk of from.iterator({ destroyOnReturn: false })) {
    const bytes = Buffer.from(chunk as Buffer | string);
    const index = bytes.indexOf(LINE_FEED);
    const content = index < 0 ? bytes : bytes.subarray(0, index);
    length += content.copy(line, length);
    if (index >= 0) {
      const rest = Buffer.from(bytes.subarray(index + 1));
      if (rest.length > 0) from.unshift(rest);
      ended = true;
    }
    bytes.fill(0);
    if (typeof chunk !== 'string') (chunk as Buffer).fill(0);
    if (ended) break;
  }
  // A pipe that its writer keeps open must not keep the process alive.
  holdOpen(from, false);
  if (length === 0 && !ended) return null;
  if (line[length - 1] === CARRIAGE_RETURN) length -= 1;
  const result = Buffer.from(line.subarray(0, length));
  line.fill(0);
  return result;
}

/**
 * The next line of standard input as text, without byte order mark; empty at the end of input. Faults: `bad-input` for a line
 * that is not UTF-8.
 */
export async function readPipedText(maxBytes: number): Promise<string> {
  const line = await readPipedLine(maxBytes);
  if (line === null) return '';
  try {
    return requireUtf8Text(line, 'standard input');
  } finally {
    line.fill(0);
  }
}

/** Pipes and terminals have `ref` and `unref`, and keep a process alive while they are open; other streams do not. */
function holdOpen(from: Readable, hold: boolean): void {
  const socket = from as Partial<Record<'ref' | 'unref', () => void>>;
  if (hold) socket.ref?.();
  else socket.unref?.();
}
