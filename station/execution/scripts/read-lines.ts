import type { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** So much is worked on before everybody else in this process gets a turn; a line counts `LINE_COST` besides its bytes. */
const BYTES_PER_TURN = 64 * 1024;
const LINE_COST = 2048;

/**
 * The lines of a stream that nobody trusts, as text without their ends. Reads no further while a line is worked on, and
 * lets the rest of the process have its turn between lines, so that a flood fills neither memory nor time. What is left
 * at the end without a line's end is no line. Throws what `tooLong` makes when one is longer than `maxBytes`.
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
