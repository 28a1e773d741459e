import { Fault } from '../../domain/fault.ts';

/** One row; its cells (UTF-8, unquoted) are valid until the next row is asked for, then they are zeros. */
export interface CsvRow {
  /** Where it begins; the first line of the file is 1. */
  readonly line: number;
  /** Where it ends: another line when a quoted cell holds line ends. */
  readonly lastLine: number;
  readonly cells: readonly Uint8Array[];
}

export interface RowSplitterOptions {
  /** One ASCII character. */
  readonly delimiter: string;
  /** The file has no LF: inside quotes, too, a CR is the end of a line. */
  readonly crOnly: boolean;
}

/**
 * Splits UTF-8 into the rows and cells of a CSV (RFC 4180), over chunks cut anywhere, without making strings of cells.
 * Rows end in CRLF, LF or CR, mixed. What stands behind a closing quote belongs to the cell, as in Excel; a quote within
 * a cell that does not begin with one is a character.
 */
export interface RowSplitter {
  /**
   * Columns of the table, once they are known. A CR alone then ends a row only behind the last of them: elsewhere it is
   * a character of a remark.
   */
  width: number;
  /** Rows that end in the chunk. Faults: `csv-invalid`, see `rowTooLong`. */
  push(chunk: Uint8Array): Generator<CsvRow, void, undefined>;
  /** The last row, when no line end follows it. Faults: `csv-invalid` when a quote was never closed. */
  end(): Generator<CsvRow, void, undefined>;
  /** Zeros in the place of what is kept of a row. */
  wipe(): void;
}

/** A row of a triple file has a few hundred bytes. What is longer is a quote that was never closed, or no CSV. */
const ROW_LIMIT_BYTES = 64 * 1024;
const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;

export function createRowSplitter({ delimiter, crOnly }: RowSplitterOptions): RowSplitter {
  const comma = delimiter.charCodeAt(0);
  const row = new Uint8Array(ROW_LIMIT_BYTES);
  let length = 0;
  /** Where each finished cell of the row ends. */
  let ends: number[] = [];
  let state: 'start' | 'plain' | 'quoted' | 'closing' = 'start';
  let afterCr = false;
  let line = 1;
  let rowLine = 1;
  let quoteLine = 1;

  const put = (byte: number): void => {
    if (length === ROW_LIMIT_BYTES) throw state === 'quoted' ? openQuote(quoteLine) : rowTooLong(rowLine);
    row[length] = byte;
    length += 1;
  };
  const endCell = (): void => {
    ends.push(length);
    state = 'start';
  };
  /** The row as it is handed out; the next one begins. */
  function takeRow(): CsvRow {
    endCell();
    let from = 0;
    const cells = ends.map((end) => {
      const cell = row.subarray(from, end);
      from = end;
      return cell;
    });
    return { line: rowLine, lastLine: line, cells };
  }
  function nextRow(): void {
    row.fill(0, 0, length);
    length = 0;
    ends = [];
    line += 1;
    rowLine = line;
  }
  const isBlank = (): boolean => length === 0 && ends.length === 0;
  const crEndsRow = (): boolean =>
    crOnly || isBlank() || splitter.width === 0 || ends.length + 1 >= splitter.width;

  const splitter: RowSplitter = {
    width: 0,
    *push(chunk) {
      for (const byte of chunk) {
        if (afterCr) {
          afterCr = false;
          if (byte === LF || crEndsRow()) {
            yield takeRow();
            nextRow();
            if (byte === LF) continue;
          } else put(CR);
        }
        if (state === 'quoted') {
          if (byte === QUOTE) state = 'closing';
          else {
            put(byte);
            if (byte === (crOnly ? CR : LF)) line += 1;
          }
          continue;
        }
        if (byte === comma) endCell();
        else if (byte === LF) {
          yield takeRow();
          nextRow();
        } else if (byte === CR) afterCr = true;
        else if (byte === QUOTE && state === 'start') {
          state = 'quoted';
          quoteLine = line;
        } else {
          // A quote right behind one that seemed to close stands for a quote.
          if (byte === QUOTE && state === 'closing') state = 'quoted';
          else state = 'plain';
          put(byte);
        }
      }
    },
    *end() {
      if (state === 'quoted') throw openQuote(quoteLine);
      if (length > 0 || ends.length > 0 || afterCr) yield takeRow();
      splitter.wipe();
    },
    wipe() {
      row.fill(0);
      length = 0;
      ends = [];
    },
  };
  return splitter;
}

function openQuote(line: number): Fault {
  return new Fault('csv-invalid', `line ${line}: a quote opens there and is never closed`, {
    hint: 'Open the file in a text editor and correct the quotes of that line. Nothing was read.',
    details: { line },
  });
}

function rowTooLong(line: number): Fault {
  return new Fault('csv-invalid', `line ${line} has more than ${ROW_LIMIT_BYTES} bytes`, {
    hint: 'It is no row of a table; check that the file is a CSV. Nothing was read.',
    details: { line },
  });
}
