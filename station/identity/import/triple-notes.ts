import { counted } from '#shared/words/index.ts';
import { areRounded, type CsvShape } from '#shared/codec/csv/index.ts';
import type { TripleNote } from '#shared/contract/index.ts';
import { AT_LIMITS } from '#shared/domain/at-module.ts';
import type { RowCounts } from './check-row.ts';
import type { Columns } from './columns.ts';

/** Names of columns by their indexes, for display; `#2` for the second column without a name. */
export function namesOf(header: readonly string[], indexes: readonly (number | null)[]): string[] {
  return indexes.flatMap((index) => {
    const name = index === null ? undefined : header[index];
    if (index === null || name === undefined) return [];
    return [name === '' ? `#${index + 1}` : name];
  });
}

/** Notes that are known before the first row. */
export function notesOfShape({ encoding, titleRows, headerLine }: CsvShape, isData: boolean): TripleNote[] {
  const notes: TripleNote[] = [];
  if (encoding !== 'utf-8') notes.push({ kind: 'encoding', encoding });
  if (titleRows > 0) notes.push({ kind: 'titles', count: titleRows, line: headerLine });
  if (isData) notes.push({ kind: 'no-header' });
  return notes;
}

/**
 * Notes that are known after the last row.
 *
 * @param shown names of the columns for display; empty for a column without a name
 */
export function notesOfRows(counts: RowCounts, shown: readonly string[], columns: Columns): TripleNote[] {
  const notes: TripleNote[] = [];
  const { bound, roundedNumbers, roundedLine, invisible, marks, tooLongForAt, tooLongLine } = counts;
  const used = new Set(Object.values(columns));
  // An empty column without a name is not mentioned.
  const unused = [...shown.keys()].filter(
    (index) => !used.has(index) && (shown[index] !== '' || counts.unnamed.has(index)),
  );
  if (unused.length > 0) notes.push({ kind: 'unused', columns: namesOf(shown, unused) });
  if (bound > 0)
    notes.push({ kind: 'bound', count: bound, columns: namesOf(shown, [columns.mac, columns.serial]) });
  if (counts.countedRows > 1 && counts.countedRows === bound)
    notes.push({ kind: 'counted', columns: namesOf(shown, [columns.serial]) });
  if (areRounded(counts)) notes.push({ kind: 'rounded', count: roundedNumbers, line: roundedLine });
  if (invisible > 0) notes.push({ kind: 'invisible', count: invisible });
  if (marks > 0) notes.push({ kind: 'marks', count: marks });
  if (tooLongForAt > 0) notes.push({ kind: 'too-long-for-at', count: tooLongForAt, line: tooLongLine });
  return notes;
}

const ENCODINGS = {
  'utf-16le': 'UTF-16 LE',
  'utf-16be': 'UTF-16 BE',
  gb18030: 'GB18030 (GBK, "ANSI" of a Chinese Windows)',
} as const;

/** The English text of a note, for a terminal. */
export function noteText(note: TripleNote): string {
  switch (note.kind) {
    case 'encoding':
      return `the file is ${ENCODINGS[note.encoding]}; it was converted`;
    case 'titles':
      return `${rows(note.count)} above the header in line ${note.line} left out`;
    case 'no-header':
      return 'the file has no header; the columns are those of --map';
    case 'unused':
      return `columns that are not used: ${note.columns.join(', ')}`;
    case 'bound':
      return `${rows(note.count)} for one unit each, by column ${note.columns.join(' and ')}; --no-bind imports them for any unit`;
    case 'counted':
      return `column ${note.columns.join()} only numbers the rows (1, 2, 3, …): as serial numbers no unit would have them, --no-bind leaves it out`;
    case 'rounded':
      return `${numbers(note.count)} of more than 15 digits with zeros at the end, as if a spreadsheet had rounded them, first in line ${note.line}: compare them with the original`;
    case 'invisible':
      return `invisible characters left out in ${cells(note.count)}`;
    case 'marks':
      return `marks of a spreadsheet (="…", '…) left out in ${cells(note.count)}`;
    case 'too-long-for-at':
      return `${rows(note.count)} that no module with AT commands can take, first in line ${note.line}: it takes a ProductId of ${AT_LIMITS.productIdBytes} and a DeviceSecret of ${AT_LIMITS.deviceSecretBytes} characters`;
    case 'end-mark':
      return `${note.mark === 'nul' ? 'NUL bytes' : 'Ctrl-Z'} behind the last row left out, from line ${note.line}`;
  }
}

const rows = (count: number): string => counted(count, 'row');
const numbers = (count: number): string => (count === 1 ? '1 number' : `${count} numbers`);
const cells = (count: number): string => (count === 1 ? '1 cell' : `${count} cells`);
