import { Fault } from '../../domain/fault.ts';

/** What stands behind the text of a file: Ctrl-Z of DOS programs, NULs of a file whose length was set beforehand. */
export interface EofMarker {
  readonly kind: 'ctrl-z' | 'nul';
  readonly bytes: number;
}

/** Takes the end mark off a stream of UTF-8 chunks. */
export interface EofMarkerFilter {
  /** The chunk, with what was held back before it, and without what may be the end mark. */
  push(chunk: Uint8Array): Uint8Array[];
  /** The mark that the file ended in. */
  end(): EofMarker | null;
}

const NUL = 0x00;
const CTRL_Z = 0x1a;
/** More NULs than this are never put back into the text. */
const HELD_LIMIT_BYTES = 1024 * 1024;

export function createEofMarkerFilter(): EofMarkerFilter {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let sawNul = false;
  let sawCtrlZ = false;

  /** Length of the end of the chunk that may belong to a mark; line ends count only behind the first byte of one. */
  function tailOf(chunk: Uint8Array): number {
    let from = chunk.length;
    while (from > 0 && isOfMark(chunk[from - 1] ?? -1)) from -= 1;
    if (from > 0 || heldBytes === 0) while (from < chunk.length && !isMark(chunk[from] ?? -1)) from += 1;
    return chunk.length - from;
  }
  return {
    push(chunk) {
      const tail = tailOf(chunk);
      const text = chunk.subarray(0, chunk.length - tail);
      const out: Uint8Array[] = [];
      if (text.length > 0) {
        if (heldBytes > HELD_LIMIT_BYTES) {
          throw new Fault('csv-invalid', `the file has ${heldBytes} NUL bytes in the middle of its text`, {
            hint: 'It is damaged; export it again. Nothing was read.',
          });
        }
        out.push(...held, text);
        held = [];
        heldBytes = 0;
        sawNul = false;
        sawCtrlZ = false;
      }
      if (tail === 0) return out;
      const mark = chunk.slice(chunk.length - tail);
      sawNul ||= mark.includes(NUL);
      sawCtrlZ ||= mark.includes(CTRL_Z);
      if (heldBytes <= HELD_LIMIT_BYTES) held.push(mark);
      heldBytes += tail;
      return out;
    },
    end() {
      if (heldBytes === 0) return null;
      return { kind: sawCtrlZ && !sawNul ? 'ctrl-z' : 'nul', bytes: heldBytes };
    },
  };
}

const isMark = (byte: number): boolean => byte === NUL || byte === CTRL_Z;
/** Blanks and line ends may stand between and behind. */
const isOfMark = (byte: number): boolean =>
  isMark(byte) || byte === 0x0a || byte === 0x0d || byte === 0x20 || byte === 0x09;
