import { Fault } from '../../domain/fault.ts';
import {
  type DetectedHeader,
  detectHeader,
  type CsvDelimiter,
  type HeaderScorer,
  headerText,
} from './detect-header.ts';
import { normalizeCell } from './normalize-cell.ts';
import { createEofMarkerFilter, type EofMarker } from './eof-marker.ts';
import { createRowSplitter, type CsvRow } from './row-splitter.ts';
import { createEncodingScan, type FoundEncoding, type TextEncoding } from './text-encoding.ts';
import { createUtf8Converter } from './utf8-converter.ts';

/** A file that can be read twice: for its encoding, then for its rows. The chunks are overwritten with zeros. */
export type CsvSource = () => AsyncIterable<Uint8Array>;

/** Encoding, delimiter and header of a file, known before its first row. */
export interface CsvShape {
  readonly encoding: TextEncoding;
  /** True when it begins with a byte order mark. */
  readonly bom: boolean;
  readonly delimiter: CsvDelimiter;
  /** Line of the header; the first line of the file is 1. */
  readonly headerLine: number;
  /** Number of title rows above the header. */
  readonly titleRows: number;
  /** Names of the columns; `HIDDEN_CELL` for a cell that may be a secret. */
  readonly header: readonly string[];
}

export interface CsvListener {
  /** Called once, before the first row. Returns true when the header row is data and must be read as the first row. */
  readonly onShape: (shape: CsvShape, header: CsvRow) => boolean;
  /** Called after the last row when the file ends with an end-of-file marker. */
  readonly onEofMarker?: ((mark: EofMarker, line: number) => void) | undefined;
}

/** Number of first bytes in which the header must be. */
const HEAD_BYTES = 64 * 1024;

/**
 * Reads the rows below the header of a CSV file of a spreadsheet or console, in constant memory: UTF-8, UTF-16 and
 * GB18030; `,`, `;`, tab or `|`; CRLF, LF and CR, also mixed; titles above the header; Ctrl-Z or NULs at the end. Rows
 * without text are skipped. Cells are raw UTF-8 bytes (see `normalizeCell`), which are zeroed when the next row is read.
 *
 * Faults: `csv-invalid`, with the line if there is one, possibly after many rows; it never contains cell text.
 */
export async function* readCsv(
  source: CsvSource,
  scoreHeader: HeaderScorer,
  listener: CsvListener,
): AsyncGenerator<CsvRow, void, undefined> {
  const found = await scanEncoding(source);
  const ending = createEofMarkerFilter();
  const chunks = textOf(source, found, ending);
  const head = await readHead(chunks);
  const chosen = detectHeader(head, scoreHeader);
  const splitter = createRowSplitter(chosen);
  let rowCount = 0;
  let width = 0;
  let lastLine = 0;
  function* select(rows: Iterable<CsvRow>): Generator<CsvRow, void, undefined> {
    for (const row of rows) {
      const rowIndex = rowCount;
      rowCount += 1;
      lastLine = row.lastLine;
      if (rowIndex < chosen.row || !hasText(row)) continue;
      if (width === 0) {
        width = row.cells.length;
        splitter.width = width;
        if (!listener.onShape(shapeOf(chosen, found, row), row)) continue;
      }
      yield row;
    }
  }
  try {
    yield* select(splitter.push(head));
    head.fill(0);
    for await (const chunk of chunks) {
      yield* select(splitter.push(chunk));
      chunk.fill(0);
    }
    yield* select(splitter.end());
  } finally {
    head.fill(0);
    splitter.wipe();
    await chunks.return();
  }
  if (width === 0)
    throw new Fault('csv-invalid', 'the file holds only blank lines', { hint: 'Choose another file.' });
  const mark = ending.end();
  if (mark !== null) listener.onEofMarker?.(mark, lastLine + 1);
}

async function scanEncoding(source: CsvSource): Promise<FoundEncoding> {
  const scan = createEncodingScan();
  for await (const chunk of source()) {
    const isKnown = scan.add(chunk);
    chunk.fill(0);
    if (isKnown) break;
  }
  return scan.end();
}

/** The text of the file as UTF-8, without byte order mark and end-of-file marker. */
async function* textOf(
  source: CsvSource,
  { encoding, bomBytes }: FoundEncoding,
  ending: ReturnType<typeof createEofMarkerFilter>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const converter = createUtf8Converter(encoding);
  let toSkip = bomBytes;
  for await (const chunk of source()) {
    const skipped = Math.min(toSkip, chunk.length);
    toSkip -= skipped;
    let text: Uint8Array;
    try {
      text = converter.push(chunk.subarray(skipped));
    } finally {
      if (encoding !== 'utf-8') chunk.fill(0);
    }
    for (const part of ending.push(text)) if (part.length > 0) yield part;
  }
  converter.end();
}

/** The beginning of the text, at least `HEAD_BYTES` if the file has as many; the chunks are wiped. */
async function readHead(chunks: AsyncGenerator<Uint8Array, void, undefined>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  while (size < HEAD_BYTES) {
    const { value, done } = await chunks.next();
    if (done === true) break;
    parts.push(value);
    size += value.length;
  }
  const head = new Uint8Array(size);
  let offset = 0;
  for (const part of parts) {
    head.set(part, offset);
    offset += part.length;
    part.fill(0);
  }
  return head;
}

function shapeOf(
  { delimiter, titleRows }: DetectedHeader,
  { encoding, bomBytes }: FoundEncoding,
  { line, cells }: CsvRow,
): CsvShape {
  const header = cells.map(headerText);
  return { encoding, bom: bomBytes > 0, delimiter, headerLine: line, titleRows, header };
}

/** True for a row with visible text: rows of a spreadsheet below its table consist of blanks. */
function hasText({ cells }: CsvRow): boolean {
  if (cells.some((cell) => cell.some((byte) => byte > 0x20 && byte < 0x7f))) return true;
  return cells.some((cell) => normalizeCell(cell.slice(), { invisible: 0, marks: 0 }).length > 0);
}
