import { requireUtf8Text } from '#shared/codec/text-file.ts';

const LINE_FEED = 0x0a;

/**
 * The first line of standard input, without its byte order mark; empty when nothing came. Reading ends at the line end
 * and above `mostBytes`. Fault `bad-input` when the line is not UTF-8 text.
 */
export async function readPipedLine(mostBytes: number): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of process.stdin) {
    // A terminal that was typed at before gives text.
    const bytes = Buffer.from(chunk as Buffer | string);
    parts.push(bytes);
    length += bytes.length;
    if (bytes.includes(LINE_FEED) || length > mostBytes) break;
  }
  const heard = Buffer.concat(parts);
  const end = heard.indexOf(LINE_FEED);
  // UTF-16 has a NUL behind its line feed: it is part of what is looked at, so that the fault names it.
  const line = end < 0 ? heard : heard.subarray(0, heard[end + 1] === 0 ? end + 2 : end);
  return requireUtf8Text(line, 'standard input').replace(/[\r\n]+$/, '');
}
