import { Fault } from '../../domain/fault.ts';

export const SAVE_AS = 'Open it in Excel or WPS and save it as "CSV UTF-8 (Comma delimited)".';

interface Format {
  readonly is: (head: Uint8Array, text: string) => boolean;
  readonly what: string;
  readonly hint: string;
}

/** The beginnings of the formats that are recognised by text. */
const BEGINNINGS = ['<', '{', '[', '%PDF', 'Rar!', 'BZh', '7z', 'PK\x03\x04', '\xfd7zXZ', 'MIME-Version:'];

/** HTML elements; `<ProductId>` is not one. */
const HTML =
  /<(?:!doctype html|html|head|title|meta|link|style|script|body|table|caption|thead|tbody|tr|th|td|div|span|p|center|font|h[1-6])[\s>/]/i;

const startsWith = (head: Uint8Array, ...bytes: readonly number[]): boolean =>
  bytes.every((byte, index) => head[index] === byte);
const isZip = (head: Uint8Array): boolean => startsWith(head, 0x50, 0x4b, 0x03, 0x04);

/**
 * The stream of a workbook without the file around it, as web servers write .xls: record BOF, of 4 to 16 bytes. Source:
 * Microsoft, MS-XLS 2.4.21; OpenOffice, Excel file format 5.8.
 */
const isBiff = (head: Uint8Array): boolean =>
  [
    [0x00, 4],
    [0x02, 6],
    [0x04, 6],
    [0x08, 8],
    [0x08, 16],
  ].some(([version = 0, length = 0]) => startsWith(head, 0x09, version, length, 0x00));

/** The formats by their first bytes (from the specifications of the formats); the first match counts. */
const FORMATS: readonly Format[] = [
  {
    is: (head, text) => isZip(head) && text.includes('opendocument.spreadsheet'),
    what: 'an OpenDocument spreadsheet (.ods)',
    hint: SAVE_AS,
  },
  {
    is: (head, text) => isZip(head) && /\[Content_Types\]|xl\/|docProps/.test(text),
    what: 'an Excel workbook (.xlsx)',
    hint: SAVE_AS,
  },
  {
    is: isZip,
    what: 'a zip archive or an Excel workbook (.xlsx)',
    hint: `Unpack it, or: ${SAVE_AS}`,
  },
  {
    is: (head) => startsWith(head, 0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1) || isBiff(head),
    what: 'an old Excel workbook (.xls)',
    hint: SAVE_AS,
  },
  {
    is: (_, text) => /^\s*<\?xml|^\s*<Workbook/i.test(text) && !/<html/i.test(text),
    what: 'an XML file, as Excel 2003 saves workbooks',
    hint: SAVE_AS,
  },
  {
    // Exports of web consoles begin with a comment, a script or a part of a table.
    is: (_, text) => /^\s*</.test(text) && HTML.test(text),
    what: 'a web page (HTML) with a table, as web consoles export it under the name .xls',
    hint: SAVE_AS,
  },
  {
    is: (_, text) => /^\s*MIME-Version:/i.test(text),
    what: 'a web page in one file (MHTML), as Excel and web consoles save it under the name .xls',
    hint: SAVE_AS,
  },
  {
    is: (_, text) => /^\s*(?:\{\s*"|\[\s*[{["])/.test(text),
    what: 'a JSON file',
    hint: 'Export the triples as CSV.',
  },
  {
    is: (_, text) => text.startsWith('%PDF-') || text.startsWith('{\\rtf'),
    what: 'a document (PDF or RTF)',
    hint: 'Export the triples as CSV.',
  },
  {
    is: (head, text) => startsWith(head, 0x1f, 0x8b) || /^(?:Rar!|7z\xbc\xaf|BZh|\xfd7zXZ)/.test(text),
    what: 'a packed archive',
    hint: 'Unpack it and choose the CSV file in it.',
  },
];

/** Faults: `csv-invalid` for a file of another format with the name of a CSV file; message and hint name the format. */
export function refuseOtherFormats(head: Uint8Array): void {
  const text = textOf(head);
  const found = FORMATS.find(({ is }) => is(head, text));
  if (found === undefined) return;
  throw new Fault('csv-invalid', `the file is ${found.what}, not a CSV file`, { hint: found.hint });
}

/**
 * The beginning of the file as text; empty for a file that may be a list of triples, whose secrets are never made a string.
 * Also for web pages in UTF-16.
 */
function textOf(head: Uint8Array): string {
  const isUtf16 = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  const hasMark = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
  const bytes = head.subarray(isUtf16 ? 2 : hasMark ? 3 : 0);
  const start = Math.max(
    bytes.findIndex((byte) => byte > 0x20),
    0,
  );
  const begins = (word: string): boolean =>
    [...word].every((letter, index) => bytes[start + index] === letter.charCodeAt(0));
  if (!BEGINNINGS.some(begins)) return '';
  let text = '';
  for (const byte of bytes) if (!isUtf16 || byte !== 0) text += String.fromCharCode(byte);
  return text;
}
