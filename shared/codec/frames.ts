import { crc, crcBytes, type CrcName } from './crc.ts';

/** A device's way to cut bytes into frames: `start`, length, payload, checksum over the payload, `end`. */
export interface Framing {
  readonly start: Uint8Array;
  /** The number in the frame plus `adds` is the length of the payload. */
  readonly length?:
    { readonly bytes: 1 | 2; readonly order: 'little' | 'big'; readonly adds: number } | undefined;
  /** Of payloads without a length of their own. */
  readonly payloadBytes?: number | undefined;
  readonly checksum?: { readonly kind: CrcName; readonly order: 'little' | 'big' } | undefined;
  readonly end?: Uint8Array | undefined;
  readonly maxPayloadBytes: number;
}

export type EncodedFrame =
  { readonly ok: true; readonly bytes: Uint8Array } | { readonly ok: false; readonly why: string };

/** A frame around a payload; not `ok` when the payload does not fit into one. */
export function encodeFrame(framing: Framing, payload: Uint8Array): EncodedFrame {
  const { start, length, payloadBytes, checksum, end, maxPayloadBytes } = framing;
  const most = payloadBytes ?? maxPayloadBytes;
  if (payload.length > most || (payloadBytes !== undefined && payload.length < payloadBytes))
    return { ok: false, why: `a payload of ${payload.length} bytes does not fit into frames of ${most}` };
  const said = length === undefined ? 0 : payload.length - length.adds;
  if (length !== undefined && (said < 0 || said >= 256 ** length.bytes))
    return { ok: false, why: `a payload of ${payload.length} bytes cannot be told by its length field` };
  const sum =
    checksum === undefined
      ? []
      : number(crc(checksum.kind, payload), crcBytes(checksum.kind), checksum.order);
  const head = length === undefined ? [] : number(said, length.bytes, length.order);
  return { ok: true, bytes: Uint8Array.from([...start, ...head, ...payload, ...sum, ...(end ?? [])]) };
}

/**
 * So many bytes are summed at most for each byte that came, and so many more that were saved up: noise that looks like
 * the beginning of a frame at every byte must not take as long as a whole frame for each of them.
 */
const SUMMED_PER_BYTE = 16;
const SUMS_SAVED = 65_536;

/** Frames out of a stream of bytes that may begin anywhere, be cut anywhere and hold anything. */
export interface FrameReader {
  /**
   * Payloads that are whole with these bytes. What is no frame is passed over, one byte at a time, and never kept; in a
   * flood that was made to look like frames, some frames, too.
   */
  push(bytes: Uint8Array): Uint8Array[];
  /** What was begun is forgotten. */
  clear(): void;
}

export function createFrameReader(framing: Framing): FrameReader {
  const { start, length, checksum, end } = framing;
  const sumBytes = checksum === undefined ? 0 : crcBytes(checksum.kind);
  const headBytes = start.length + (length?.bytes ?? 0);
  let held = new Uint8Array(0);
  let sums = SUMS_SAVED;

  /** The frame at `at`: its size and payload, `more` when it may still become one, `none` when it cannot. */
  function frameAt(at: number): { readonly size: number; readonly payload: Uint8Array } | 'more' | 'none' {
    const have = held.length - at;
    for (let i = 0; i < Math.min(start.length, have); i++) if (held[at + i] !== start[i]) return 'none';
    if (have < headBytes) return 'more';
    const said =
      length === undefined ? null : read(held, at + start.length, length.bytes, length.order) + length.adds;
    const size = said ?? framing.payloadBytes ?? 0;
    if (size < 0 || size > Math.max(framing.maxPayloadBytes, framing.payloadBytes ?? 0)) return 'none';
    const whole = headBytes + size + sumBytes + (end?.length ?? 0);
    if (have < whole) return 'more';
    const after = at + headBytes + size;
    for (let i = 0; i < (end?.length ?? 0); i++) if (held[after + sumBytes + i] !== end?.[i]) return 'none';
    if (checksum !== undefined && sums < size) return 'none';
    sums -= size;
    const payload = held.slice(at + headBytes, at + headBytes + size);
    if (checksum !== undefined && read(held, after, sumBytes, checksum.order) !== crc(checksum.kind, payload))
      return 'none';
    return { size: whole, payload };
  }

  return {
    clear: () => void (held = new Uint8Array(0)),
    push(bytes) {
      const joined = new Uint8Array(held.length + bytes.length);
      joined.set(held);
      joined.set(bytes, held.length);
      held = joined;
      sums = Math.min(sums, SUMS_SAVED) + SUMMED_PER_BYTE * bytes.length;
      const found: Uint8Array[] = [];
      let at = 0;
      while (at < held.length) {
        const frame = frameAt(at);
        if (frame === 'more') break;
        if (frame === 'none') at += 1;
        else {
          found.push(frame.payload);
          at += frame.size;
        }
      }
      held = held.slice(at);
      return found;
    },
  };
}

function number(value: number, bytes: number, order: 'little' | 'big'): number[] {
  const low = Array.from({ length: bytes }, (_, i) => (value >>> (8 * i)) & 0xff);
  return order === 'little' ? low : low.reverse();
}

function read(from: Uint8Array, at: number, bytes: number, order: 'little' | 'big'): number {
  let value = 0;
  for (let i = 0; i < bytes; i++) {
    const byte = from[at + (order === 'little' ? bytes - 1 - i : i)] ?? 0;
    value = value * 256 + byte;
  }
  return value;
}
