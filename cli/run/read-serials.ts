import { readFileSync } from 'node:fs';
import { addAbortSignal, type Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import {
  areRounded,
  normalizeCell,
  countNumber,
  type CsvRow,
  type CsvShape,
  headerText,
  isShortNumber,
  matchHeader,
  type LongNumberCounts,
  readCsv,
  refuseOtherFormats,
} from '#shared/codec/csv/index.ts';
import { requireUtf8Text } from '#shared/codec/text-file.ts';
import { noteText } from '#station';
import { counted } from '#shared/words/index.ts';
import { abortFault, Fault } from '#shared/domain/fault.ts';

/** A serial number of a list, with its line. */
export interface ListedSerial {
  readonly serialNumber: string;
  /** The first line of the file is 1. */
  readonly line: number;
}

/**
 * Reads a list of serial numbers in UTF-8: one per line, also as a scanner sends it (`serialCandidates`), or the column of
 * serial numbers (SN, 序列号) of a CSV file. Faults: `file-missing`; `bad-input` when the list is not UTF-8 (the message has
 * the line), has no serial number, or has several columns and none with a known name; `csv-invalid` for a workbook or
 * another file that is not text, and for numbers that a spreadsheet has shortened; the signal's reason.
 *
 * @param file a path, or `-` for standard input
 * @param print receives notes about the file
 */
export async function readSerials(
  file: string,
  print: (text: string) => void,
  signal: AbortSignal,
  stdin: Readable = process.stdin,
): Promise<ListedSerial[]> {
  const bytes = await bytesOf(file, signal, stdin);
  const name = file === '-' ? 'standard input' : file;
  const text = textOf(bytes, name);
  if (bytes.every((byte) => byte <= 0x20)) throw none(file);
  if (SCANNED.test(text)) return linesOf(text);
  // `readCsv` overwrites its chunks: it gets a copy.
  const source = async function* (): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(Uint8Array.from(bytes));
  };
  const serials: ListedSerial[] = [];
  let column = 0;
  let width = 1;
  let isAlone = false;
  function onShape(shape: CsvShape, first: CsvRow): boolean {
    const names = first.cells.map(headerText);
    const found = names.findIndex((name) => matchHeader(name)?.role === 'serial');
    column = Math.max(found, 0);
    width = names.length;
    if (found < 0 && width > 1) {
      // A tab after a number keeps it text in a spreadsheet; it does not begin a column.
      if (names.slice(1).some((name) => name !== '')) throw unknownColumn(file, names);
      isAlone = true;
    }
    if (shape.titleRows > 0) print(`note: the header of ${file} is in line ${shape.headerLine}`);
    return found < 0;
  }
  for await (const { cells, line } of readCsv(source, scoreHeader, { onShape })) {
    const cell = cells[column] ?? new Uint8Array();
    if (isAlone && cells.slice(1).some((other) => other.some((byte) => byte > 0x20)))
      throw refused(file, line, 'has more than one column, and the first line names none');
    const serialNumber = new TextDecoder().decode(normalizeCell(cell, { invisible: 0, marks: 0 }));
    if (serialNumber === '' && width > 1 && !isAlone) throw refused(file, line, 'has no serial number');
    if (isShortNumber(serialNumber))
      throw refused(file, line, 'is a number that a spreadsheet shortened; its digits are lost');
    if (serialNumber !== '') serials.push({ serialNumber, line });
  }
  if (serials.length === 0) throw none(file);
  const tally: LongNumberCounts = { longNumbers: 0, roundedNumbers: 0, roundedLine: 0 };
  for (const { serialNumber, line } of serials) countNumber(tally, line, serialNumber);
  if (areRounded(tally)) {
    const { roundedNumbers: count, roundedLine: line } = tally;
    print(`note: ${noteText({ kind: 'rounded', count, line })}`);
  }
  return serials;
}

/** The text without NUL bytes at its end. For a workbook or another known format the fault names the format. */
function textOf(bytes: Uint8Array, name: string): string {
  try {
    return requireUtf8Text(bytes.subarray(0, bytes.findLastIndex((byte) => byte !== 0) + 1), name);
  } catch (error) {
    refuseOtherFormats(bytes.subarray(0, HEAD_BYTES));
    throw error;
  }
}

/** The bytes from which the format of a file is recognised. */
const HEAD_BYTES = 4096;
/** Lines of a scanner: an AIM prefix, or the JSON text of a label, whose commas do not separate columns. */
const SCANNED = /^\s*(?:\{|\][A-Za-z]\d)/m;

function linesOf(text: string): ListedSerial[] {
  return text
    .split(/\r\n|\r|\n/)
    .map((line, index) => ({ serialNumber: line.trim(), line: index + 1 }))
    .filter(({ serialNumber }) => serialNumber !== '' && serialNumber !== '\u001a');
}

/** 1 for a header that names a column of serial numbers. */
function scoreHeader(names: readonly string[]): number {
  return names.some((name) => matchHeader(name)?.role === 'serial') ? 1 : 0;
}

/** Reads standard input as a stream: a synchronous read of an empty pipe may fail with EAGAIN. */
async function bytesOf(file: string, signal: AbortSignal, stdin: Readable): Promise<Uint8Array> {
  try {
    return file === '-' ? await buffer(addAbortSignal(signal, stdin)) : readFileSync(file);
  } catch (cause) {
    if (signal.aborted) throw abortFault(signal);
    throw new Fault(
      'file-missing',
      `the serial numbers cannot be read from ${file || 'a file without a name'}`,
      {
        hint: 'Check the path, or use - for stdin.',
        cause,
      },
    );
  }
}

function none(file: string): Fault {
  return new Fault('bad-input', `${file} has no serial numbers`, { hint: 'One per line.' });
}

function unknownColumn(file: string, names: readonly string[]): Fault {
  return new Fault(
    'bad-input',
    `${file} has ${counted(names.length, 'column')}, and none is named as serial numbers`,
    {
      hint: 'Name the column SN or 序列号 in the first line, or write one number a line. No unit was started.',
    },
  );
}

function refused(file: string, line: number, what: string): Fault {
  return new Fault('csv-invalid', `${file}:${line}: ${what}`, {
    hint: 'Export the list again, the numbers as text. No unit was started.',
    details: { line },
  });
}
