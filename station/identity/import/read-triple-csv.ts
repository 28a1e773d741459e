import { Fault } from '#shared/domain/fault.ts';
import { PRODUCT_ID } from '#shared/domain/triple.ts';
import { checkRow, type ReadTriple, type RowContext } from './check-row.ts';
import { findColumns, showHeader, type ColumnMap, type Columns } from './columns.ts';
import type { CsvDialect } from './dialect.ts';
import { createHiddenRuns } from './hidden-runs.ts';
import { readRecords } from './read-records.ts';

/** A row that is a triple, or one that is not and why. `line` is where the row begins, the header being line 1. */
export type TripleRow =
  { readonly line: number; readonly triple: ReadTriple } | { readonly line: number; readonly reason: string };

/** What the file turned out to be, known before the first row. */
export interface TripleFileShape {
  readonly dialect: CsvDialect;
  /** The header, with whatever looks like data instead of a name hidden. */
  readonly header: readonly string[];
  readonly columns: Columns;
}

export interface ReadTripleOptions {
  readonly map?: ColumnMap;
  /** For rows without a product of their own. */
  readonly defaultProductId?: string;
  /** Told before the columns are looked for: whoever gets a fault because of them can choose from these. */
  readonly onHeader?: (found: Pick<TripleFileShape, 'dialect' | 'header'>) => void;
  readonly onShape?: (shape: TripleFileShape) => void;
}

/**
 * Reads triples row by row, at a memory that grows only by the names seen (to find duplicates inside the file).
 * Columns are found by name, see `columns.ts`; blank rows are skipped. The chunks of `source` are written over.
 *
 * Faults: `csv-invalid` (columns missing or ambiguous, not UTF-8, a quote never closed; possibly after many rows
 * were yielded), `bad-input` (malformed `defaultProductId`), the signal's reason. A secret is in no fault and in no
 * reason.
 */
export async function* readTripleCsv(
  source: AsyncIterable<Uint8Array>,
  options: ReadTripleOptions,
  signal: AbortSignal,
): AsyncGenerator<TripleRow, void, undefined> {
  const defaultProductId = options.defaultProductId ?? null;
  if (defaultProductId !== null && !PRODUCT_ID.test(defaultProductId)) {
    throw new Fault('bad-input', 'the ProductId given for all rows is malformed', {
      hint: 'a ProductId is 1 to 32 letters and digits',
    });
  }
  let dialect: CsvDialect | null = null;
  let context: RowContext | null = null;
  using runs = createHiddenRuns();
  const records = readRecords(source, runs, (found) => (dialect = found), signal);
  for await (const { line, cells: hidden } of records) {
    if (context === null) {
      const cells = hidden.map((cell) => runs.open(cell));
      if (dialect !== null) options.onHeader?.({ dialect, header: showHeader(cells) });
      const columns = findColumns(cells, options.map ?? {}, defaultProductId !== null);
      context = { columns, headerLength: cells.length, defaultProductId, seen: new Map(), runs };
      if (dialect !== null) options.onShape?.({ dialect, header: showHeader(cells), columns });
      continue;
    }
    runs.forgetBefore(hidden);
    const result = checkRow(hidden, line, context);
    yield typeof result === 'string' ? { line, reason: result } : { line, triple: result };
  }
  if (context === null)
    throw new Fault('csv-invalid', 'the file holds only blank lines', { hint: 'choose another file' });
}
