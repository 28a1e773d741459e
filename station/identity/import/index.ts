/**
 * Triples from the files that cloud consoles and factory tools hand out: any column order, any usual dialect, and
 * each bad row named by line and reason. It only reads; what is done with the rows is the pool's business, and
 * because a file can turn out unreadable at its last line, whoever stores rows does it in one transaction.
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
export { describeNote } from './triple-notes.ts';
