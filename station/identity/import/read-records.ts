import { Readable, addAbortSignal, pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import { checkedUtf8 } from './checked-utf8.ts';
import { sniffDialect, type CsvDialect } from './dialect.ts';
import type { HiddenRuns } from './hidden-runs.ts';
import { createLineIndex } from './line-index.ts';

/** One row of the file that is not blank; `line` is where it begins. Cells are to be opened with `HiddenRuns`. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

const HEADER_LIMIT_BYTES = 64 * 1024;
/** A row of a triple file has a few hundred bytes. What is longer is a quote that was never closed. */
const RECORD_LIMIT_CHARACTERS = 64 * 1024;

/**
 * The rows of a CSV file as they stream in, header included, cells trimmed; what may be a secret is hidden in `runs`,
 * and the chunks of `source` are written over. `onDialect` is told once how the file is
 * written. Faults: `csv-invalid` (not UTF-8, a quote never closed), the signal's reason when it fires; the source is
 * closed in every case.
 */
export async function* readRecords(
  source: AsyncIterable<Uint8Array>,
  runs: HiddenRuns,
  onDialect: (dialect: CsvDialect) => void,
  signal: AbortSignal,
): AsyncGenerator<CsvRecord, void, undefined> {
  throwIfAborted(signal);
  const input = addAbortSignal(signal, source instanceof Readable ? source : Readable.from(source));
  try {
    const chunks = checkedUtf8(runs.hide(input));
    const head = await readHead(chunks);
    if (head.length === 0)
      throw new Fault('csv-invalid', 'the file is empty', { hint: 'choose another file' });
    const dialect = sniffDialect(head);
    onDialect(dialect);
    yield* parseRecords(withHead(head.subarray(dialect.skipBytes), chunks), dialect);
  } catch (error) {
    throwIfAborted(signal);
    throw error instanceof CsvError ? unreadable(error, 1) : error;
  } finally {
    input.destroy();
  }
}

async function* parseRecords(
  bytes: AsyncIterable<Uint8Array>,
  dialect: CsvDialect,
): AsyncGenerator<CsvRecord, void, undefined> {
  const lineEnd = dialect.lineEnd === 'cr' ? '\r' : '\n';
  const lines = createLineIndex(1 + dialect.skipLines, lineEnd.charCodeAt(0));
  const parser = parse({
    delimiter: dialect.delimiter,
    record_delimiter: dialect.lineEnd === 'cr' ? '\r' : ['\r\n', '\n'],
    info: true,
    relax_column_count: true,
    // A stray quote inside a remark is the remark's business; in a name or secret the row check finds it.
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: RECORD_LIMIT_CHARACTERS,
  });
  // The outcome reaches us through the parser's iterator.
  pipeline(Readable.from(noted(bytes, lines.add), { objectMode: false }), parser, () => undefined);
  let line = 1 + dialect.skipLines;
  try {
    for await (const item of parser) {
      const { record, info } = item as { record: string[]; info: { bytes: number } };
      line = lines.lineBefore(info.bytes) - lineEndsWithin(record, lineEnd);
      const cells = record.map((cell) => cell.trim());
      if (cells.some((cell) => cell !== '')) yield { line, cells };
    }
  } catch (error) {
    throw error instanceof CsvError ? unreadable(error, line) : error;
  }
}

/** Reads until the header is surely in: its line end, or the limit, or the end of the file. */
async function readHead(chunks: AsyncGenerator<Uint8Array, void, undefined>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  while (size < HEADER_LIMIT_BYTES) {
    const { value, done } = await chunks.next();
    if (done === true) break;
    parts.push(value);
    size += value.length;
    // Two line ends, because the first may be that of Excel's `sep=` line.
    if (
      size > 8 &&
      Buffer.concat(parts)
        .toString('latin1')
        .split(/\r\n|\n|\r/).length > 2
    )
      break;
  }
  return Buffer.concat(parts);
}

async function* withHead(head: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head;
  yield* rest;
}

async function* noted(
  chunks: AsyncIterable<Uint8Array>,
  note: (chunk: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    note(chunk);
    yield chunk;
  }
}

function lineEndsWithin(cells: readonly string[], lineEnd: string): number {
  let count = 0;
  for (const cell of cells) if (cell.includes(lineEnd)) count += cell.split(lineEnd).length - 1;
  return count;
}

/** The parser's own words may quote a cell, and a cell may be a secret; only its kind is kept. */
function unreadable(error: CsvError, lastGoodLine: number): Fault {
  const open = error.code === 'CSV_QUOTE_NOT_CLOSED' || error.code === 'CSV_MAX_RECORD_SIZE';
  const what = open ? 'a quote is opened and never closed' : 'the row cannot be read as CSV';
  return new Fault('csv-invalid', `after line ${lastGoodLine}: ${what}`, {
    hint: 'open the file in a text editor and correct the quotes there',
    details: { line: lastGoodLine },
  });
}
