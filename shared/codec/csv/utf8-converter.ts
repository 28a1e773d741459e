import { damaged, type TextEncoding } from './text-encoding.ts';

/**
 * Converts chunks of text to UTF-8 without making strings of ASCII characters, because a secret must not become a string.
 * Faults: `csv-invalid` with the line for an invalid character; UTF-8 and the structure of GB18030 were checked before
 * (`createEncodingScan`).
 */
export interface Utf8Converter {
  /** Returns new bytes, or the chunk itself. */
  push(chunk: Uint8Array): Uint8Array;
  /** Faults: `csv-invalid` when the file ends within a character. */
  end(): void;
}

const REPLACEMENT = 0xfffd;
/** Bytes that some programs append as a single byte to UTF-16 text. */
const LF = 0x0a;
const CR = 0x0d;
const CTRL_Z = 0x1a;

export function createUtf8Converter(encoding: TextEncoding): Utf8Converter {
  switch (encoding) {
    case 'utf-8':
      return { push: (chunk) => chunk, end: () => undefined };
    case 'utf-16le':
      return fromUtf16(0, 1);
    case 'utf-16be':
      return fromUtf16(1, 0);
    case 'gb18030':
      return fromGb18030();
  }
}

/** @param low index of the byte with the lower eight bits of a code unit */
function fromUtf16(low: 0 | 1, high: 0 | 1): Utf8Converter {
  let odd: number | null = null;
  let lead: number | null = null;
  let line = 1;
  const refuse = (out?: Uint8Array): never => {
    out?.fill(0);
    throw damaged(line, 'is not valid UTF-16 as the rest of the file is');
  };
  return {
    push(chunk) {
      // A unit of two bytes becomes three bytes at most; a lead without its trail three more.
      const out = new Uint8Array(Math.ceil((chunk.length + 1) / 2) * 3 + 6);
      let length = 0;
      const put = (code: number): void => {
        if (code === LF) line += 1;
        length = putUtf8(out, length, code);
      };
      const pair = [0, 0];
      for (const byte of chunk) {
        if (odd === null) {
          odd = byte;
          continue;
        }
        pair[0] = odd;
        pair[1] = byte;
        odd = null;
        const unit = (pair[low] ?? 0) | ((pair[high] ?? 0) << 8);
        const isTrail = unit >= 0xdc00 && unit <= 0xdfff;
        if (lead !== null) {
          if (!isTrail) refuse(out);
          put(0x10000 + ((lead - 0xd800) << 10) + (unit - 0xdc00));
          lead = null;
          continue;
        }
        if (unit >= 0xd800 && unit <= 0xdbff) lead = unit;
        else if (isTrail) refuse(out);
        else put(unit);
      }
      return out.subarray(0, length);
    },
    end() {
      const isEndMark = odd === LF || odd === CR || odd === CTRL_Z || (odd === 0 && low === 0);
      if (lead !== null || (odd !== null && !isEndMark)) refuse();
    },
  };
}

/** Splits like `createGb18030Check`; only multi-byte characters go through a decoder and a string. */
function fromGb18030(): Utf8Converter {
  const decoder = new TextDecoder('gb18030');
  let pending = new Uint8Array();
  let line = 1;
  const refuse = (out?: Uint8Array): never => {
    out?.fill(0);
    throw damaged(line, 'has a character that GB18030 does not have');
  };
  return {
    push(chunk) {
      const bytes = new Uint8Array(pending.length + chunk.length);
      bytes.set(pending);
      bytes.set(chunk, pending.length);
      pending = new Uint8Array();
      const out = new Uint8Array(bytes.length * 2 + 3);
      let length = 0;
      let offset = 0;
      while (offset < bytes.length) {
        const byte = bytes[offset] ?? 0;
        if (byte < 0x80) {
          if (byte === LF) line += 1;
          out[length] = byte;
          length += 1;
          offset += 1;
          continue;
        }
        const begin = offset;
        let next = offset;
        while (next < bytes.length && (bytes[next] ?? 0) >= 0x80) {
          offset = next;
          next += lengthAt(bytes, next);
        }
        const isWhole = next <= bytes.length;
        const end = isWhole ? next : offset;
        for (const letter of decoder.decode(bytes.subarray(begin, end))) {
          const code = letter.codePointAt(0) ?? REPLACEMENT;
          if (code === REPLACEMENT) refuse(out);
          length = putUtf8(out, length, code);
        }
        offset = end;
        if (isWhole) continue;
        pending = bytes.slice(end);
        break;
      }
      bytes.fill(0);
      return out.subarray(0, length);
    },
    end() {
      if (pending.length > 0) refuse();
    },
  };
}

/** Length of the character at `offset`, in bytes. */
function lengthAt(bytes: Uint8Array, offset: number): number {
  const lead = bytes[offset] ?? 0;
  if (lead === 0x80 || lead === 0xff) return 1;
  const second = bytes[offset + 1];
  return second !== undefined && second >= 0x30 && second <= 0x39 ? 4 : 2;
}

function putUtf8(out: Uint8Array, offset: number, code: number): number {
  if (code < 0x80) {
    out[offset] = code;
    return offset + 1;
  }
  if (code < 0x800) {
    out[offset] = 0xc0 | (code >> 6);
    out[offset + 1] = 0x80 | (code & 0x3f);
    return offset + 2;
  }
  if (code < 0x10000) {
    out[offset] = 0xe0 | (code >> 12);
    out[offset + 1] = 0x80 | ((code >> 6) & 0x3f);
    out[offset + 2] = 0x80 | (code & 0x3f);
    return offset + 3;
  }
  out[offset] = 0xf0 | (code >> 18);
  out[offset + 1] = 0x80 | ((code >> 12) & 0x3f);
  out[offset + 2] = 0x80 | ((code >> 6) & 0x3f);
  out[offset + 3] = 0x80 | (code & 0x3f);
  return offset + 4;
}
