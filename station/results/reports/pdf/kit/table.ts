import { INK, type Sheet } from './sheet.ts';

export interface Column {
  readonly title: string;
  /** Share of the table's width. */
  readonly share: number;
  readonly align?: 'left' | 'right';
}

/** A text, or a text with emphasis. */
export type Cell = string | { readonly text: string; readonly bold: true };

export interface TableRow {
  readonly cells: readonly Cell[];
  /** Draws more into a row that is at `y` and `height` high. `x` of the columns and their widths are given. */
  readonly draw?: (place: {
    readonly y: number;
    readonly height: number;
    readonly columns: readonly ColumnPlace[];
  }) => void;
}

export interface ColumnPlace {
  readonly x: number;
  readonly width: number;
}

const SIZE = 8;
const LINE = SIZE * 1.4;
const PADDING = 3;
const GAP = 8;
const MAX_LINES = 12;

/** Height of the head and of one row with one line. */
export const TABLE_BEGIN = 2 * (LINE + 2 * PADDING) + 6;

export interface TableLimits {
  readonly stopAt?: number;
  /** A cell that has more lines ends with `…`. */
  readonly maxLines?: number;
}

/**
 * A table from margin to margin, that goes on with its head on the next page. Yields after each row. Returns how many rows it
 * has drawn: with `stopAt` it ends before the first row that would go below there.
 */
export function* drawTable(
  sheet: Sheet,
  columns: readonly Column[],
  rows: Iterable<TableRow>,
  { stopAt = Infinity, maxLines = MAX_LINES }: TableLimits = {},
): Generator<void, number> {
  const total = columns.reduce((sum, { share }) => sum + share, 0);
  const free = sheet.width - GAP * (columns.length - 1);
  let x = sheet.left;
  const places = columns.map(({ share }): ColumnPlace => {
    const place = { x, width: (free * share) / total };
    x += place.width + GAP;
    return place;
  });
  const draw = (cells: readonly Cell[], lines: readonly (readonly string[])[], isHead: boolean): number => {
    const height = Math.max(...lines.map((own) => own.length)) * LINE + 2 * PADDING;
    for (const [index, own] of lines.entries()) {
      const { x: at, width } = places[index] ?? { x: 0, width: 0 };
      const cell = cells[index] ?? '';
      sheet.lines(own, at, sheet.y + PADDING, {
        size: SIZE,
        width,
        align: columns[index]?.align ?? 'left',
        bold: isHead || typeof cell !== 'string',
      });
    }
    return height;
  };
  const linesOf = (cells: readonly Cell[]): string[][] =>
    cells.map((cell, index) =>
      sheet.breakText(typeof cell === 'string' ? cell : cell.text, places[index]?.width ?? 0, SIZE, maxLines),
    );
  const titles = columns.map(({ title }) => title);
  const titleLines = linesOf(titles);
  const head = (): void => {
    sheet.y += draw(titles, titleLines, true);
    sheet.line(sheet.left, sheet.y, sheet.right, sheet.y, { width: 1, color: INK.text });
  };
  if (stopAt === Infinity) sheet.ensure(TABLE_BEGIN);
  head();
  let drawn = 0;
  for (const row of rows) {
    const lines = linesOf(row.cells);
    const height = Math.max(...lines.map((own) => own.length)) * LINE + 2 * PADDING;
    if (sheet.y + height > stopAt) break;
    if (sheet.y + height > sheet.bottom) {
      sheet.addPage();
      head();
    }
    draw(row.cells, lines, false);
    row.draw?.({ y: sheet.y, height, columns: places });
    sheet.y += height;
    sheet.line(sheet.left, sheet.y, sheet.right, sheet.y, { width: 0.5, color: INK.faint });
    drawn += 1;
    yield;
  }
  sheet.y += 6;
  return drawn;
}
