/** How a CSV file is written, as far as it has to be known to read it. */
export interface CsvDialect {
  readonly delimiter: ',' | ';' | '\t';
  readonly bom: boolean;
  /** `lf` includes CRLF; `cr` is that of old Mac files. A CR alone in an `lf` file is a character like any other. */
  readonly lineEnd: 'lf' | 'cr';
  /** Bytes before the header: the BOM and Excel's `sep=;` line. */
  readonly skipBytes: number;
  /** Lines before the header, for line numbers that agree with an editor's. */
  readonly skipLines: number;
}

const DELIMITERS = [',', ';', '\t'] as const;
const BOM_BYTES = 3;

/**
 * Tells the dialect from the beginning of a file, which must hold its header. The delimiter is the one that occurs
 * most often outside quotes in the header; data is not looked at, because a remark may hold any of them.
 */
export function sniffDialect(head: Uint8Array): CsvDialect {
  const bom = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
  const bomBytes = bom ? BOM_BYTES : 0;
  const text = Buffer.from(head)
    .toString('utf8')
    .slice(bom ? 1 : 0);
  const lineEnd = /\r(?!\n|$)/.test(text) && !text.includes('\n') ? 'cr' : 'lf';
  // Excel writes and obeys this line; it is not data.
  const directive = /^sep=([,;\t])(?:\r\n|\n|\r)/i.exec(text);
  if (directive !== null) {
    const delimiter = DELIMITERS.find((one) => one === directive[1]) ?? ',';
    return { delimiter, bom, lineEnd, skipBytes: bomBytes + directive[0].length, skipLines: 1 };
  }
  const counts = DELIMITERS.map((delimiter) => countOutsideQuotes(text, delimiter));
  const most = Math.max(...counts);
  const delimiter = DELIMITERS[counts.indexOf(most)] ?? ',';
  return { delimiter, bom, lineEnd, skipBytes: bomBytes, skipLines: 0 };
}

/** Occurrences in the first line that is not blank. */
function countOutsideQuotes(text: string, delimiter: string): number {
  let quoted = false;
  let count = 0;
  for (const character of text.replace(/^[\r\n]+/, '')) {
    if (character === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (character === '\n' || character === '\r') break;
    else if (character === delimiter) count += 1;
  }
  return count;
}
