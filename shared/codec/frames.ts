import { crc, crcBytes, type CrcName } from './crc.ts';
import { beginsAnswer, modbusSizes, provesEcho } from './modbus-sizes.ts';
import { both, type CodedText, codedTexts, counted } from '../words/index.ts';

const frameText = codedTexts({
  'frame-too-small': both(
    (bytes: number, most: number) =>
      `a payload of ${counted(bytes, 'byte')} does not fit into frames of ${most}`,
    (bytes, most) => `${bytes} 字节的载荷放不进 ${most} 字节的帧`,
  ),
  'frame-length-field': both(
    (bytes: number) => `a payload of ${counted(bytes, 'byte')} does not fit its length field`,
    (bytes) => `长度字段容纳不下 ${bytes} 字节的载荷`,
  ),
});

/** The length field of a frame: its value plus `adds` is the number of payload bytes after it. */
export interface LengthField {
  readonly bytes: 1 | 2;
  readonly order: 'little' | 'big';
  readonly adds: number;
  /** Number of payload bytes before the field (a version, a command); default 0. */
  readonly after?: number | undefined;
}

/** The bytes that a checksum covers: the payload, all after `start` (also the length), or also `start`. */
export const CHECKSUM_COVERS = ['payload', 'after-start', 'frame'] as const;

/**
 * The framing of a device: `start`, length, payload, checksum, `end`. The length follows from a field, from the function code
 * of Modbus, from a fixed size, or from a silence after the frame.
 */
export interface Framing {
  /** Empty for frames without a fixed beginning. */
  readonly start: Uint8Array;
  readonly length?: LengthField | 'modbus' | undefined;
  /** Of payloads without a length of their own. */
  readonly payloadBytes?: number | undefined;
  /** A frame ends when no byte arrived for this time. */
  readonly silenceMs?: number | undefined;
  readonly checksum?:
    | {
        readonly kind: CrcName;
        readonly order: 'little' | 'big';
        /** Default the payload. */
        readonly covers?: (typeof CHECKSUM_COVERS)[number] | undefined;
      }
    | undefined;
  readonly end?: Uint8Array | undefined;
  readonly maxPayloadBytes: number;
  /** True for a payload whose wrong checksum is accepted. */
  readonly ignoresChecksumOf?: ((payload: Uint8Array) => boolean) | undefined;
}

export type EncodedFrame =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly reason: CodedText };

/** The frame of a payload; not `ok` for a payload that is too long. */
export function encodeFrame(framing: Framing, payload: Uint8Array): EncodedFrame {
  const { start, length, payloadBytes, checksum, end, maxPayloadBytes } = framing;
  const maxBytes = payloadBytes ?? maxPayloadBytes;
  if (payload.length > maxBytes || (payloadBytes !== undefined && payload.length < payloadBytes))
    return { ok: false, reason: frameText('frame-too-small', payload.length, maxBytes) };
  const body = isField(length) ? withLength(length, payload) : payload;
  if (body === null) return { ok: false, reason: frameText('frame-length-field', payload.length) };
  const frame = Uint8Array.from([...start, ...body]);
  const sum =
    checksum === undefined
      ? []
      : number(crc(checksum.kind, covered(framing, frame, payload)), crcBytes(checksum.kind), checksum.order);
  return { ok: true, bytes: Uint8Array.from([...frame, ...sum, ...(end ?? [])]) };
}

function withLength({ bytes, order, adds, after = 0 }: LengthField, payload: Uint8Array): Uint8Array | null {
  const fieldValue = payload.length - after - adds;
  if (payload.length < after || fieldValue < 0 || fieldValue >= 256 ** bytes) return null;
  return Uint8Array.from([
    ...payload.subarray(0, after),
    ...number(fieldValue, bytes, order),
    ...payload.subarray(after),
  ]);
}

/** The bytes that the checksum covers. `frame` is all before the checksum. */
function covered({ start, checksum }: Framing, frame: Uint8Array, payload: Uint8Array): Uint8Array {
  switch (checksum?.covers ?? 'payload') {
    case 'payload':
      return payload;
    case 'after-start':
      return frame.subarray(start.length);
    case 'frame':
      return frame;
  }
}

/**
 * Bounds the time of checksums: at most this many bytes are summed per received byte, plus a saved budget, because noise can
 * look like the beginning of a frame at every byte.
 */
const SUMMED_PER_BYTE = 16;
const SUMS_SAVED = 65_536;

/** The payloads of frames, and the other bytes, which are text or noise; each in order. */
export interface CutBytes {
  readonly payloads: readonly Uint8Array[];
  readonly rest: readonly Uint8Array[];
}

/** The wrong checksum of an otherwise complete frame: received and expected, in hex. */
export interface WrongChecksum {
  readonly received: string;
  readonly expected: string;
}

/** Finds frames in a stream of bytes that may begin anywhere, be split anywhere and contain noise. */
export interface FrameReader {
  /**
   * Splits these bytes and the held ones. Only bytes that may be an incomplete frame are held. In a flood of bytes that look
   * like frames, some frames are skipped.
   */
  push(bytes: Uint8Array): CutBytes;
  /**
   * To be called when no byte arrived for `silenceMs`: ends a frame that ends by silence. Otherwise it accepts a complete
   * frame after an incomplete one, if a checksum or an end proves it.
   */
  quiet(): CutBytes;
  /** The held bytes; `release` treats them as no frame. */
  readonly buffered: Uint8Array;
  release(): void;
  /** The first frame since `clear` that was complete except for its checksum. */
  readonly wrong: WrongChecksum | null;
  /**
   * Drops the held bytes. `sent` may be echoed on a two-wire bus. A Modbus request that cannot be its own response proves the
   * echo; from then on the echo of each request is ignored.
   */
  clear(sent?: Uint8Array): void;
}

/** A frame that is complete except for its checksum, its end, and whether it begins like the response to the request. */
interface Mismatch {
  readonly wrongChecksum: WrongChecksum;
  readonly until: number;
  readonly isAnswer: boolean;
}

/** The first, unless only the second begins like the response: the bytes before may be noise. */
function likelier(first: Mismatch | null, second: Mismatch | null): Mismatch | null {
  if (first === null || second === null) return first ?? second;
  return second.isAnswer && !first.isAnswer ? second : first;
}

interface FoundFrame {
  readonly size: number;
  readonly payload: Uint8Array;
}

export function createFrameReader(framing: Framing): FrameReader {
  const { start, length, checksum, end, silenceMs, maxPayloadBytes } = framing;
  const sumBytes = checksum === undefined ? 0 : crcBytes(checksum.kind);
  const tailBytes = sumBytes + (end?.length ?? 0);
  const field = isField(length) ? length : null;
  const headBytes = start.length + (field === null ? 0 : field.bytes + (field.after ?? 0));
  let buffered = new Uint8Array(0);
  /** Offsets of the first bytes after a silence. */
  let bursts: number[] = [0];
  let echo = new Uint8Array(0);
  /** True while the next frame may be the echo of the request. */
  let isEchoDue = false;
  /** True after a Modbus request came back that cannot be its own response: the bus echoes all requests. */
  let hasEcho = false;
  /** Number of bytes that were split off since `clear`. */
  let cutOff = 0;
  let wrong: Mismatch | null = null;
  /** A held frame that is complete except for its checksum, unless more bytes make it a longer frame. */
  let openWrong: Mismatch | null = null;
  let sums = SUMS_SAVED;

  /** The possible lengths of a frame at `offset` between `start` and the checksum; `more` when bytes are missing. */
  function bodySizes(offset: number): readonly number[] | 'more' {
    const begin = offset + start.length;
    if (length === 'modbus') return modbusSizes(buffered.subarray(begin));
    if (field === null) return [framing.payloadBytes ?? 0];
    if (buffered.length < offset + headBytes) return 'more';
    const { bytes, order, adds, after = 0 } = field;
    const rest = read(buffered, begin + after, bytes, order) + adds;
    return rest < 0 ? [] : [after + bytes + rest];
  }

  /** The frame at `index`; `more` when bytes are missing, `none` when there is no frame. */
  function frameAt(index: number): FoundFrame | 'more' | 'none' {
    const have = buffered.length - index;
    for (let i = 0; i < Math.min(start.length, have); i++)
      if (buffered[index + i] !== start[i]) return 'none';
    const sizes = bodySizes(index);
    if (sizes === 'more') return 'more';
    let more = false;
    let mismatch: Mismatch | null = null;
    for (const size of sizes) {
      if (size - (field?.bytes ?? 0) > Math.max(maxPayloadBytes, framing.payloadBytes ?? 0)) continue;
      const all = start.length + size + tailBytes;
      if (have < all) more = true;
      else {
        const found = payloadIn(index, index + start.length + size);
        if (found instanceof Uint8Array) return { size: all, payload: found };
        const isAnswer = length === 'modbus' && beginsAnswer(buffered.subarray(index), echo);
        if (found !== null && (isAnswer || !isNoise(index)))
          mismatch ??= { wrongChecksum: found, until: cutOff + index + all, isAnswer };
      }
    }
    if (more) {
      openWrong = likelier(openWrong, mismatch);
      return 'more';
    }
    wrong = likelier(wrong, mismatch);
    return 'none';
  }

  /** The payload of the frame at `at` with its checksum at `sumAt`; else its wrong checksum, or `null`. */
  function payloadIn(at: number, sumAt: number): Uint8Array | WrongChecksum | null {
    for (let i = 0; i < (end?.length ?? 0); i++) if (buffered[sumAt + sumBytes + i] !== end?.[i]) return null;
    const body = buffered.slice(at + start.length, sumAt);
    const payload = field === null ? body : withoutLength(field, body);
    if (checksum === undefined) return payload;
    if (sums < body.length) return null;
    sums -= body.length;
    const received = read(buffered, sumAt, sumBytes, checksum.order);
    const expected = crc(checksum.kind, covered(framing, buffered.subarray(at, sumAt), payload));
    if (received === expected || framing.ignoresChecksumOf?.(payload) === true) return payload;
    const inHex = (value: number): string =>
      number(value, sumBytes, checksum.order)
        .map((byte) => byte.toString(16).toUpperCase().padStart(2, '0'))
        .join('');
    return { received: inHex(received), expected: inHex(expected) };
  }

  /** Removes frames from the beginning of the held bytes, as far as they are certain. */
  function cut(isQuiet: boolean): CutBytes {
    const payloads: Uint8Array[] = [];
    const rest: Uint8Array[] = [];
    let from = 0;
    let firstOpen = -1;
    openWrong = null;
    for (let at = 0; at < buffered.length;) {
      const frame = frameAt(at);
      if (frame === 'more' && !isQuiet) {
        firstOpen = at;
        break;
      }
      if (frame === 'more' && firstOpen < 0) firstOpen = at;
      if (typeof frame === 'string') at += 1;
      else {
        if (at > from) rest.push(buffered.slice(from, at));
        if (!isOwn(at, frame)) payloads.push(frame.payload);
        isEchoDue = false;
        // The earlier candidate was noise before this frame.
        if (wrong !== null && wrong.until > cutOff + at) wrong = null;
        at += frame.size;
        from = at;
        firstOpen = -1;
      }
    }
    const keepFrom = firstOpen < 0 ? buffered.length : firstOpen;
    if (keepFrom > from) rest.push(buffered.slice(from, keepFrom));
    buffered = buffered.slice(keepFrom);
    cutOff += keepFrom;
    return { payloads, rest };
  }

  /**
   * True for bytes that do not begin like the response to the request; for the first received byte one matching byte is
   * enough. Noise of another baud rate looks like the beginning of a Modbus frame at every few bytes.
   */
  function isNoise(at: number): boolean {
    if (length !== 'modbus' || echo.length === 0) return false;
    const isLike = buffered[at] === echo[0] || ((buffered[at + 1] ?? 0) & 0x7f) === echo[1];
    return cutOff + at > 0 || !isLike;
  }

  /** True for the echo of the request, on a bus with a proven echo. */
  function isOwn(at: number, { size, payload }: FoundFrame): boolean {
    if (length !== 'modbus' || !isEchoDue || size !== echo.length) return false;
    if (!echo.every((byte, i) => buffered[at + i] === byte)) return false;
    hasEcho ||= provesEcho(payload);
    return hasEcho;
  }

  /** The bytes between two silences as one frame; also with a silence or an echo in it, or noise at its ends. */
  function cutBySilence(): CutBytes {
    const begins = bursts.flatMap((at) => [at, ...(isEcho(at) ? [at + echo.length] : [])]);
    for (const begin of begins)
      for (const [at, until] of trimmed(begin)) {
        const matches = start.every((byte, i) => buffered[at + i] === byte);
        const size = until - at - start.length - tailBytes;
        if (!matches || size < 1 || size > maxPayloadBytes) continue;
        const payload = payloadIn(at, until - tailBytes);
        if (!(payload instanceof Uint8Array)) {
          if (payload !== null) wrong ??= { wrongChecksum: payload, until: 0, isAnswer: false };
          continue;
        }
        // For many checksums a zero after a frame gives another valid frame: either of them may be meant.
        const shorter = buffered[until - 1] === 0 && size > 1 ? payloadIn(at, until - 1 - tailBytes) : null;
        const before = buffered.slice(0, at);
        buffered = new Uint8Array(0);
        bursts = [0];
        const payloads = shorter instanceof Uint8Array ? [payload, shorter] : [payload];
        return { payloads, rest: before.length === 0 ? [] : [before] };
      }
    const maxBytes = start.length + maxPayloadBytes + tailBytes;
    bursts = [...bursts, buffered.length];
    if (buffered.length <= 2 * maxBytes) return { payloads: [], rest: [] };
    const dropped = buffered.slice(0, buffered.length - maxBytes);
    buffered = buffered.slice(dropped.length);
    bursts = bursts.map((at) => at - dropped.length).filter((at) => at >= 0);
    return { payloads: [], rest: [dropped] };
  }

  function isEcho(at: number): boolean {
    return (
      echo.length > 0 &&
      buffered.length > at + echo.length &&
      echo.every((byte, i) => buffered[at + i] === byte)
    );
  }
  /** Switching a bus driver on or off produces a byte of zeros or ones. */
  function trimmed(begin: number): (readonly [number, number])[] {
    const isIdle = (at: number): boolean => buffered[at] === 0 || buffered[at] === 0xff;
    const { length: all } = buffered;
    const begins = isIdle(begin) ? [begin, begin + 1] : [begin];
    return begins.flatMap((at) =>
      (isIdle(all - 1) ? [all, all - 1] : [all]).map((until) => [at, until] as const),
    );
  }

  return {
    get buffered() {
      return buffered;
    },
    release() {
      buffered = new Uint8Array(0);
      bursts = [0];
    },
    get wrong() {
      return likelier(wrong, openWrong)?.wrongChecksum ?? null;
    },
    clear(sent = new Uint8Array(0)) {
      buffered = new Uint8Array(0);
      bursts = [0];
      echo = Uint8Array.from(sent);
      isEchoDue = sent.length > 0;
      cutOff = 0;
      wrong = null;
      openWrong = null;
    },
    push(bytes) {
      const joined = new Uint8Array(buffered.length + bytes.length);
      joined.set(buffered);
      joined.set(bytes, buffered.length);
      buffered = joined;
      sums = Math.min(sums, SUMS_SAVED) + SUMMED_PER_BYTE * bytes.length;
      if (silenceMs === undefined) return cut(false);
      const maxBytes = 4 * (start.length + maxPayloadBytes + tailBytes);
      return buffered.length > maxBytes ? cutBySilence() : { payloads: [], rest: [] };
    },
    quiet() {
      if (buffered.length === 0) return { payloads: [], rest: [] };
      // After a silence an incomplete frame may be checked again.
      sums = Math.max(sums, SUMMED_PER_BYTE * buffered.length);
      if (silenceMs !== undefined) return cutBySilence();
      return checksum === undefined && end === undefined ? { payloads: [], rest: [] } : cut(true);
    },
  };
}

function isField(length: Framing['length']): length is LengthField {
  return length !== undefined && length !== 'modbus';
}

function withoutLength({ bytes, after = 0 }: LengthField, body: Uint8Array): Uint8Array {
  return Uint8Array.from([...body.subarray(0, after), ...body.subarray(after + bytes)]);
}

function number(value: number, bytes: number, order: 'little' | 'big'): number[] {
  const low = Array.from({ length: bytes }, (_, i) => (value >>> (8 * i)) & 0xff);
  return order === 'little' ? low : low.reverse();
}

function read(from: Uint8Array, offset: number, bytes: number, order: 'little' | 'big'): number {
  let value = 0;
  for (let i = 0; i < bytes; i++) {
    const byte = from[offset + (order === 'little' ? bytes - 1 - i : i)] ?? 0;
    value = value * 256 + byte;
  }
  return value;
}
