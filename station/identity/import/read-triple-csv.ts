import { addAbortSignal, Readable } from 'node:stream';
import {
  type CsvRow,
  type CsvShape,
  type CsvSource,
  normalizeCell,
  readCsv,
} from '#shared/codec/csv/index.ts';
import type { TripleNote } from '#shared/contract/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import { DEVICE_NAME, PRODUCT_ID } from '#shared/domain/triple.ts';
import type { SecretDigest } from '../vault/secret-digest.ts';
import { checkRow, type ReadTriple, type RowContext, type RowCounts } from './check-row.ts';
import { type ColumnMap, type Columns, findColumns, scoreHeader, showHeader } from './columns.ts';
import { isDeviceSecret, isWord } from './is-device-secret.ts';
import { notesOfRows, notesOfShape } from './triple-notes.ts';

/** A triple, or the reason why the row is none. `line` is the first line of the row; the file begins with line 1. */
export type TripleRow =
  | { readonly line: number; readonly triple: ReadTriple }
  | { readonly line: number; readonly reason: string };

/** Dialect, header and columns, known before the first row. */
export interface TripleFileShape extends CsvShape {
  /** Header cells; a cell that looks like data is hidden. */
  readonly header: readonly string[];
  readonly columns: Columns;
}

export interface ReadTripleOptions {
  /** Keyed digest that finds equal secrets. */
  readonly digest: SecretDigest;
  readonly map?: ColumnMap;
  /** For rows without a product of their own. */
  readonly defaultProductId?: string;
  /** False: columns of MACs and serial numbers reserve no row for a unit. Default true. */
  readonly bind?: boolean;
  /** Called before the columns are searched, so that they can be chosen after a fault. */
  readonly onHeader?: (found: CsvShape) => void;
  readonly onShape?: (shape: TripleFileShape) => void;
  /** Called after the last row. */
  readonly onNotes?: (notes: readonly TripleNote[]) => void;
}

/**
 * Reads triples row by row. Memory grows only by digests and names, which find duplicates (names, secrets, units). Columns
 * are found by name, see `columns.ts`; blank rows are skipped.
 *
 * Faults: `csv-invalid` (columns missing or ambiguous, not a text file, an open quote; possibly after many rows),
 * `bad-input` (malformed `defaultProductId`), the signal's reason. No fault and no reason contains a secret.
 *
 * @param source is opened twice; its chunks are overwritten
 */
export async function* readTripleCsv(
  source: CsvSource,
  options: ReadTripleOptions,
  signal: AbortSignal,
): AsyncGenerator<TripleRow, void, undefined> {
  const defaultProductId = options.defaultProductId ?? null;
  if (defaultProductId !== null && !PRODUCT_ID.test(defaultProductId)) {
    throw new Fault('bad-input', 'the ProductId given for all rows is malformed', {
      hint: 'Use 1 to 32 letters and digits.',
    });
  }
  throwIfAborted(signal);
  const { map = {}, bind = true, digest } = options;
  let notes: TripleNote[] = [];
  let context: RowContext | null = null;
  let shown: readonly string[] = [];
  /** The row below the header may be a second header in another language. */
  let mayBeHeader = true;
  let headerLine = 1;

  function onShape(shape: CsvShape, first: CsvRow): boolean {
    shown = showHeader(shape.header);
    headerLine = shape.headerLine;
    options.onHeader?.({ ...shape, header: shown });
    const columns = findColumns(shape.header, map, { hasDefaultProduct: defaultProductId !== null, bind });
    const isData = isTriple(first, columns);
    const seen = { names: new Map(), secrets: new Map(), macs: new Map(), serials: new Map() };
    context = {
      columns,
      header: isData ? shape.header.map(() => '') : shape.header,
      defaultProductId,
      digest,
      seen,
      counts: createRowCounts(),
    };
    options.onShape?.({ ...shape, header: shown, columns });
    notes = notesOfShape(shape, isData);
    return isData;
  }
  const rows = readCsv(abortable(source, signal), (cells) => scoreHeader(cells, map), {
    onShape,
    onEofMarker: ({ kind }, line) => notes.push({ kind: 'end-mark', mark: kind, line }),
  });
  try {
    for await (const row of rows) {
      // The signal may have fired between rows of one chunk.
      throwIfAborted(signal);
      const rowContext = context as RowContext | null;
      if (rowContext === null) continue;
      if (mayBeHeader && isSecondHeader(row, rowContext)) continue;
      mayBeHeader = false;
      const { line } = row;
      const result = checkRow(row, rowContext);
      yield typeof result === 'string' ? { line, reason: result } : { line, triple: result };
    }
  } catch (error) {
    throwIfAborted(signal);
    throw error;
  }
  if (mayBeHeader) {
    throw new Fault('csv-invalid', `the file has no row below its header in line ${headerLine}`, {
      hint: 'Choose another file.',
    });
  }
  const read = context as RowContext | null;
  if (read === null) return;
  const named = shown.map((name, index) => (read.header[index] === '' ? '' : name));
  options.onNotes?.([...notes, ...notesOfRows(read.counts, named, read.columns)]);
}

/** True when the columns are chosen by number and the first row is a triple instead of a header. */
function isTriple({ cells }: CsvRow, columns: Columns): boolean {
  const dummy = createRowCounts();
  const name = Buffer.from(normalizeCell((cells[columns.deviceName] ?? new Uint8Array()).slice(), dummy));
  const secret = normalizeCell((cells[columns.secret] ?? new Uint8Array()).slice(), dummy);
  const isOne = DEVICE_NAME.test(name.toString('utf8')) && isDeviceSecret(secret) && !isWord(secret);
  secret.fill(0);
  return isOne;
}

/** True for the second row of a header in two languages. */
function isSecondHeader({ cells }: CsvRow, { columns, header }: RowContext): boolean {
  if (cells.length !== header.length) return false;
  const decoder = new TextDecoder();
  const { deviceName } = columns;
  const name = decoder.decode(cells[deviceName]);
  // A DeviceName has no Chinese letters: without one in this cell the row is data.
  if (!/\p{sc=Han}/u.test(name) && !/\p{sc=Han}/u.test(header[deviceName] ?? '')) return false;
  const texts = cells.map((cell, index) =>
    index === columns.secret && cell.length > 20 ? '' : decoder.decode(cell),
  );
  return scoreHeader(texts, {}) > 0;
}

function createRowCounts(): RowCounts {
  return {
    bound: 0,
    longNumbers: 0,
    roundedNumbers: 0,
    roundedLine: 0,
    invisible: 0,
    marks: 0,
    countedRows: 0,
    tooLongForAt: 0,
    tooLongLine: 0,
    unnamed: new Set(),
  };
}

/** Ends with the reason of the signal, also while a read is waiting. */
function abortable(source: CsvSource, signal: AbortSignal): CsvSource {
  return () => {
    const chunks = source();
    return addAbortSignal(signal, chunks instanceof Readable ? chunks : Readable.from(chunks));
  };
}
