import { Fault } from '../../domain/fault.ts';

/** One row; its cells (UTF-8, unquoted) are valid until the next row is read and are then zeroed. */
export interface CsvRow {
  /** First line of the row, from 1. */
  readonly line: number;
  /** Last line of the row: differs from `line` when a quoted cell contains line ends. */
  readonly lastLine: number;
  readonly cells: readonly Uint8Array[];
}

export interface RowSplitterOptions {
  /** One ASCII character. */
  readonly delimiter: string;
  /** True for a file without LF: a CR ends a line also inside quotes. */
  readonly crOnly: boolean;
}

/**
 * Splits UTF-8 into rows and cells of a CSV file (RFC 4180), over chunks split at any byte, without making strings of
 * cells. Rows end with CRLF, LF or CR, also mixed. Text after a closing quote belongs to the cell, as in Excel; a quote in a
 * cell that does not begin with a quote is a character.
 */
export interface RowSplitter {
  /**
   * Number of columns, once it is known. A CR without LF then ends a row only after the last column; elsewhere it is part of
   * a text.
   */
  width: number;
  /** Rows that end in the chunk. Faults: `csv-invalid`, see `rowTooLong` and `tooManyColumns`. */
  push(chunk: Uint8Array): Generator<CsvRow, void, undefined>;
  /** The last row, when no line end follows it. Faults: `csv-invalid` when a quote was never closed. */
  end(): Generator<CsvRow, void, undefined>;
  /** Overwrites the stored row with zeros. */
  wipe(): void;
}

/** The longest row. Rows of triple files have a few hundred bytes; a longer row is an unclosed quote or no CSV. */
const ROW_LIMIT_BYTES = 64 * 1024;
/** The most columns of a row: as many as a spreadsheet has. */
const COLUMN_LIMIT = 16_384;
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
    if (ends.length === COLUMN_LIMIT) throw tooManyColumns(rowLine);
    ends.push(length);
    state = 'start';
  };
  /** Ends the current row and returns it. */
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
          // Two quotes within a quoted cell stand for one.
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

function tooManyColumns(line: number): Fault {
  return new Fault('csv-invalid', `line ${line} has more than ${COLUMN_LIMIT} columns`, {
    hint: 'It is no row of a table; check that the file is a CSV. Nothing was read.',
    details: { line },
  });
}

function rowTooLong(line: number): Fault {
  return new Fault('csv-invalid', `line ${line} has more than ${ROW_LIMIT_BYTES} bytes`, {
    hint: 'It is no row of a table; check that the file is a CSV. Nothing was read.',
    details: { line },
  });
}
