/** CSV for people with a spreadsheet: what a report or an export is written in. Reading CSV is `station/identity/import`. */
export {
  CSV_DECIMALS,
  CSV_DELIMITERS,
  encodeCsv,
  encodeCsvRow,
  type CsvCell,
  type CsvDecimal,
  type CsvDelimiter,
  type CsvOptions,
} from './encode-csv.ts';
