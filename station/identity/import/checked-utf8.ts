import { Fault } from '#shared/domain/fault.ts';

const SAVE_AS = 'save it again as "CSV UTF-8" (in Excel: Save As, type "CSV UTF-8 (Comma delimited)")';
/** How far a NUL byte is looked for: text files have none, UTF-16 without a BOM has one within the first letters. */
const NUL_WINDOW_BYTES = 4096;

/**
 * Passes chunks on as they are, and stops at the first that shows the file is not UTF-8 text. Fault `csv-invalid`
 * says what it is instead, as far as that can be told, and where.
 */
export async function* checkedUtf8(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let first = true;
  let line = 1;
  for await (const chunk of source) {
    if (chunk.length === 0) continue;
    if (first) refuseOtherFormats(chunk);
    first = false;
    try {
      decoder.decode(chunk, { stream: true });
    } catch {
      throw notUtf8(line + newlines(validPart(chunk)));
    }
    line += newlines(chunk);
    yield chunk;
  }
  try {
    decoder.decode();
  } catch {
    throw notUtf8(line);
  }
}

function refuseOtherFormats(head: Uint8Array): void {
  const [a, b, c, d] = head;
  const isUtf16 = (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff);
  const isZip = a === 0x50 && b === 0x4b && c === 0x03 && d === 0x04;
  const isOldExcel = a === 0xd0 && b === 0xcf && c === 0x11 && d === 0xe0;
  if (isZip || isOldExcel)
    throw new Fault('csv-invalid', 'this is an Excel workbook, not a CSV file', { hint: SAVE_AS });
  if (isUtf16 || head.subarray(0, NUL_WINDOW_BYTES).includes(0)) {
    throw new Fault('csv-invalid', 'the file is UTF-16 text (or not text at all), not UTF-8', {
      hint: SAVE_AS,
    });
  }
}

function notUtf8(line: number): Fault {
  return new Fault('csv-invalid', `line ${line} is not UTF-8 text; the file is probably GBK (ANSI)`, {
    hint: SAVE_AS,
    details: { line },
  });
}

/** The chunk up to its first bad byte, roughly: good enough to count lines. */
function validPart(chunk: Uint8Array): Uint8Array {
  const text = Buffer.from(chunk).toString('utf8');
  // A chunk may begin in the middle of a character; that is no fault of the chunk.
  return Buffer.from(text.slice(0, Math.max(text.indexOf('\uFFFD', 4), 0)));
}

function newlines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) count += 1;
  return count;
}
