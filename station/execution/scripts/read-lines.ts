import type { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Bytes of lines before the rest of the process gets its turn; a line counts `LINE_COST` besides its bytes. */
const BYTES_PER_TURN = 64 * 1024;
const LINE_COST = 2048;

/**
 * The lines of an untrusted stream, as text without their ends. Reads no further while a line is processed, and gives the
 * rest of the process its turn between lines, so that a flood fills neither memory nor time. Text after the last line end is
 * ignored. Throws the error of `tooLong` for a line of more than `maxBytes`.
 */
export async function* readLines(
  stream: Readable,
  maxBytes: number,
  tooLong: () => Error,
): AsyncGenerator<string, void> {
  let parts: Buffer[] = [];
  let heldBytes = 0;
  let budget = BYTES_PER_TURN;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let rest = chunk;
    for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10)) {
      if (heldBytes + end > maxBytes) throw tooLong();
      const line = Buffer.concat([...parts, rest.subarray(0, end)]);
      parts = [];
      heldBytes = 0;
      rest = rest.subarray(end + 1);
      yield line.toString('utf8');
      budget -= LINE_COST + line.length;
      if (budget > 0) continue;
      budget = BYTES_PER_TURN;
      await nextTurn();
    }
    parts.push(rest);
    heldBytes += rest.length;
    if (heldBytes > maxBytes) throw tooLong();
  }
}
