/** CSV for spreadsheets: writing reports and exports, reading lists of devices. */
export {
  CSV_DECIMALS,
  CSV_DELIMITERS,
  encodeCsv,
  encodeCsvCell,
  encodeCsvRow,
  joinCsvCells,
  type CsvCell,
  type CsvDecimal,
  type CsvDelimiter,
  type CsvOptions,
} from './encode-csv.ts';
export { type CellRepairs, normalizeCell } from './normalize-cell.ts';
export { type HeaderScorer, headerText, HIDDEN_CELL } from './detect-header.ts';
export type { EofMarker } from './eof-marker.ts';
export { COLUMN_ROLES, type ColumnRole, matchHeader, normalizeHeader } from './header-names.ts';
export { refuseOtherFormats } from './other-formats.ts';
export { type CsvListener, type CsvShape, type CsvSource, readCsv } from './read-csv.ts';
export type { CsvRow } from './row-splitter.ts';
export { areRounded, countNumber, isShortNumber, type LongNumberCounts } from './spreadsheet-numbers.ts';
export type { TextEncoding } from './text-encoding.ts';
