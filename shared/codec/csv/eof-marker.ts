import { Fault } from '../../domain/fault.ts';

/** Bytes after the text of a file: Ctrl-Z of DOS programs, or NULs of a file that was allocated in advance. */
export interface EofMarker {
  readonly kind: 'ctrl-z' | 'nul';
  readonly bytes: number;
}

/** Removes the end-of-file marker from a stream of UTF-8 chunks. */
export interface EofMarkerFilter {
  /** Returns the chunk with earlier held-back bytes, without the bytes that may be the marker. */
  push(chunk: Uint8Array): Uint8Array[];
  /** The marker at the end of the file. */
  end(): EofMarker | null;
}

const NUL = 0x00;
const CTRL_Z = 0x1a;
/** The most marker bytes that are held back; more within the text are an error. */
const HELD_LIMIT_BYTES = 1024 * 1024;

export function createEofMarkerFilter(): EofMarkerFilter {
  let pending: Uint8Array[] = [];
  let heldBytes = 0;
  let sawNul = false;
  let sawCtrlZ = false;

  /** Number of last bytes that may belong to a marker; line ends count only after its first byte. */
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
        out.push(...pending, text);
        pending = [];
        heldBytes = 0;
        sawNul = false;
        sawCtrlZ = false;
      }
      if (tail === 0) return out;
      const mark = chunk.slice(chunk.length - tail);
      sawNul ||= mark.includes(NUL);
      sawCtrlZ ||= mark.includes(CTRL_Z);
      if (heldBytes <= HELD_LIMIT_BYTES) pending.push(mark);
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
/** Blanks and line ends may occur in and after a marker. */
const isOfMark = (byte: number): boolean =>
  isMark(byte) || byte === 0x0a || byte === 0x0d || byte === 0x20 || byte === 0x09;
