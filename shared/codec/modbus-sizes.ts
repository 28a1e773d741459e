/*
 * Modbus RTU has neither a start byte nor a length field: the length follows from the function code. Source: MODBUS Application
 * Protocol Specification V1.1b3, chapter 6 (requests and responses of each function), chapter 7 (exceptions).
 */

/** Bytes of most requests and some responses: address, function, and four more. */
const FIXED = 6;

/** Functions whose response has a byte count in its third byte. */
const COUNTED: ReadonlySet<number> = new Set([1, 2, 3, 4, 12, 17, 20, 21, 23]);
/** Functions whose response has six bytes. */
const SIX: ReadonlySet<number> = new Set([5, 6, 8, 11, 15, 16]);

/**
 * The possible lengths (address to data, without CRC) of a frame that begins with these bytes: of a response first, then of
 * a request, which a two-wire bus echoes. `more` when the bytes are too few to decide; empty for a function of unknown
 * length.
 */
export function modbusSizes(bytes: Uint8Array): readonly number[] | 'more' {
  const [, code, count] = bytes;
  if (code === undefined) return 'more';
  if (code > 0x80) return known(code - 0x80) ? [3] : [];
  if (!known(code)) return [];
  if (code === 7) return [3, 2];
  if (code === 22) return [8];
  if (SIX.has(code) && code !== 15 && code !== 16) return [FIXED];
  if (count === undefined) return 'more';
  if (COUNTED.has(code)) return [3 + count, FIXED];
  if (code === 24) return bytes.length < 4 ? 'more' : [4 + 256 * count + (bytes[3] ?? 0), 4];
  // Functions that write several values: the request has their count and the values.
  return bytes.length < 7 ? [FIXED] : [FIXED, 7 + (bytes[6] ?? 0)];
}

function known(code: number): boolean {
  return COUNTED.has(code) || SIX.has(code) || code === 7 || code === 22 || code === 24;
}

/** Functions whose response equals the request: write one coil or register, diagnostics, mask write. */
const RESPONSE_EQUALS_REQUEST: ReadonlySet<number> = new Set([5, 6, 8, 22]);

/** True for a request whose response always differs from it, so that the same bytes prove an echo on the bus. */
export function provesEcho(request: Uint8Array): boolean {
  const [, code = 0] = request;
  return known(code) && !RESPONSE_EQUALS_REQUEST.has(code);
}

/** True when these bytes begin with address and function of the request, or with its exception response. */
export function beginsAnswer(bytes: Uint8Array, request: Uint8Array): boolean {
  const [address, code = 0] = bytes;
  return bytes.length >= 2 && address === request[0] && (code & 0x7f) === request[1];
}
