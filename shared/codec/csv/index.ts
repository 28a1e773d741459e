/** CSV for people with a spreadsheet: what a report or an export is written in. Reading CSV is `station/identity/import`. */
export { encodeCsv, encodeCsvRow, type CsvCell, type CsvOptions } from './encode-csv.ts';
