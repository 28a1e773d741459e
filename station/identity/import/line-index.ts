/** Turns byte offsets of a stream into line numbers, for offsets that are asked for in ascending order. */
export interface LineIndex {
  /** Takes note of the line ends in the next bytes of the stream. */
  add(chunk: Uint8Array): void;
  /** The line (1-based) that the byte before `endOffset` belongs to, its own line end included. */
  lineBefore(endOffset: number): number;
}

/**
 * The parser's own count is not used because it counts a CRLF inside quotes twice. `lineEndByte` is LF, or CR for
 * old Mac files. Offsets already asked for are forgotten, so memory does not grow with the file.
 */
export function createLineIndex(firstLine: number, lineEndByte: number): LineIndex {
  let pending: number[] = [];
  let next = 0;
  let line = firstLine;
  let offset = 0;

  function add(chunk: Uint8Array): void {
    pending = pending.slice(next);
    next = 0;
    for (let at = chunk.indexOf(lineEndByte); at >= 0; at = chunk.indexOf(lineEndByte, at + 1)) {
      pending.push(offset + at);
    }
    offset += chunk.length;
  }

  function lineBefore(endOffset: number): number {
    for (; (pending[next] ?? Infinity) < endOffset - 1; next += 1) line += 1;
    return line;
  }

  return { add, lineBefore };
}
