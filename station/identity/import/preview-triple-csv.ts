import { maskSecret } from '#shared/codec/mask.ts';
import type { Columns } from './columns.ts';
import type { CsvDialect } from './dialect.ts';
import { openTripleFile } from './open-triple-file.ts';
import { readTripleCsv, type ReadTripleOptions, type TripleFileShape } from './read-triple-csv.ts';

const SHOWN_ROWS = 10;
const SHOWN_REJECTS = 100;

/** A row as it may be seen by anyone who may import: the secret is masked. */
export interface TriplePreviewRow {
  readonly line: number;
  readonly productId: string;
  readonly deviceName: string;
  readonly maskedSecret: string;
}

export interface TriplePreview {
  readonly dialect: CsvDialect;
  readonly header: readonly string[];
  readonly columns: Columns;
  /** Good rows from the top. */
  readonly rows: readonly TriplePreviewRow[];
  /** The first 100 bad rows; `counts.rejected` has all. */
  readonly rejected: readonly { readonly line: number; readonly reason: string }[];
  readonly counts: { readonly rows: number; readonly good: number; readonly rejected: number };
}

/**
 * What an import of this file would do, as far as the file alone can say. It reads all of it, so a fault that an
 * import would meet is met here. Faults as `openTripleFile` and `readTripleCsv`.
 */
export async function previewTripleCsv(
  path: string,
  options: ReadTripleOptions & { readonly shownRows?: number },
  signal: AbortSignal,
): Promise<TriplePreview> {
  const shownRows = options.shownRows ?? SHOWN_ROWS;
  const shapes: TripleFileShape[] = [];
  const rows: TriplePreviewRow[] = [];
  const rejected: { line: number; reason: string }[] = [];
  const counts = { rows: 0, good: 0, rejected: 0 };
  const onShape = (shape: TripleFileShape): void => {
    shapes.push(shape);
    options.onShape?.(shape);
  };
  for await (const row of readTripleCsv(await openTripleFile(path), { ...options, onShape }, signal)) {
    counts.rows += 1;
    if ('reason' in row) {
      counts.rejected += 1;
      if (rejected.length < SHOWN_REJECTS) rejected.push(row);
      continue;
    }
    counts.good += 1;
    if (rows.length >= shownRows) continue;
    const { productId, deviceName, deviceSecret } = row.triple;
    rows.push({ line: row.line, productId, deviceName, maskedSecret: maskSecret(deviceSecret) });
  }
  const [shape] = shapes;
  if (shape === undefined) throw new Error('a file that was read has a shape');
  return { ...shape, rows, rejected, counts };
}
