/**
 * Reads triples from the CSV files of cloud consoles and factory tools: any column order, the usual dialects, each bad row
 * with line and reason. A file may turn out unreadable at its last line: store its rows in one transaction.
 */
export type { ReadTriple } from './check-row.ts';
export { parseColumnMap, recognizedColumns, type ColumnMap } from './columns.ts';
export { openTripleFile } from './open-triple-file.ts';
export {
  readTripleCsv,
  type ReadTripleOptions,
  type TripleFileShape,
  type TripleRow,
} from './read-triple-csv.ts';
export { noteText } from './triple-notes.ts';
