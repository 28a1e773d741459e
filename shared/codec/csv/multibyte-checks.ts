/** The characters of a file in one encoding. Lines are counted by LF, from 1. */
export interface MultibyteResult {
  /** Characters beyond ASCII. */
  readonly valid: number;
  /** Those of three bytes and more, as Chinese characters have in UTF-8. */
  readonly long: number;
  readonly invalid: number;
  /** Line of the first invalid one; 0 without one. */
  readonly firstLine: number;
}

/** Counts valid and invalid characters of an encoding, over chunks split at any byte. */
export interface MultibyteCheck {
  add(chunk: Uint8Array): void;
  end(): MultibyteResult;
}

/** UTF-8 as of RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. */
export function createUtf8Check(): MultibyteCheck {
  let missing = 0;
  let isLong = false;
  let minByte = 0x80;
  let maxByte = 0xbf;
  const tally = createTally();
  return {
    add(chunk) {
      for (const byte of chunk) {
        if (missing > 0) {
          if (byte >= minByte && byte <= maxByte) {
            missing -= 1;
            minByte = 0x80;
            maxByte = 0xbf;
            if (missing === 0) tally.valid(isLong);
            continue;
          }
          missing = 0;
          tally.invalid();
        }
        if (byte < 0x80) {
          if (byte === 0x0a) tally.line();
          continue;
        }
        isLong = byte >= 0xe0;
        missing = byte >= 0xc2 && byte <= 0xdf ? 1 : byte >= 0xe0 && byte <= 0xef ? 2 : 3;
        if (byte < 0xc2 || byte > 0xf4) {
          missing = 0;
          tally.invalid();
        }
        minByte = byte === 0xe0 ? 0xa0 : byte === 0xf0 ? 0x90 : 0x80;
        maxByte = byte === 0xed ? 0x9f : byte === 0xf4 ? 0x8f : 0xbf;
      }
    },
    end: () => tally.end(missing > 0),
  };
}

/**
 * GB18030 by its structure: two bytes (GBK), or four with digits in the second and fourth place; 0x80 alone is the euro
 * of a Chinese Windows. Source: WHATWG Encoding Standard, gb18030 decoder.
 */
export function createGb18030Check(): MultibyteCheck {
  let seen = 0;
  const tally = createTally();
  return {
    add(chunk) {
      for (const byte of chunk) {
        if (seen > 0) {
          if (isNext(seen, byte)) {
            const isLast = (seen === 1 && byte >= 0x40) || seen === 3;
            if (isLast) tally.valid(seen === 3);
            seen = isLast ? 0 : seen + 1;
            continue;
          }
          seen = 0;
          tally.invalid();
        }
        if (byte < 0x80) {
          if (byte === 0x0a) tally.line();
        } else if (byte === 0x80) tally.valid(false);
        else if (byte === 0xff) tally.invalid();
        else seen = 1;
      }
    },
    end: () => tally.end(seen > 0),
  };
}

function isNext(seen: number, byte: number): boolean {
  if (seen === 2) return byte >= 0x81 && byte <= 0xfe;
  const isDigit = byte >= 0x30 && byte <= 0x39;
  return isDigit || (seen === 1 && byte >= 0x40 && byte <= 0xfe && byte !== 0x7f);
}

function createTally() {
  let valid = 0;
  let long = 0;
  let invalid = 0;
  let line = 1;
  let firstLine = 0;
  const noteInvalid = (): void => {
    invalid += 1;
    if (firstLine === 0) firstLine = line;
  };
  return {
    valid(isLong: boolean): void {
      valid += 1;
      if (isLong) long += 1;
    },
    invalid: noteInvalid,
    line: () => void (line += 1),
    end(cutOff: boolean): MultibyteResult {
      if (cutOff) noteInvalid();
      return { valid, long, invalid, firstLine };
    },
  };
}
