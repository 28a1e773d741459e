/*
 * Modbus RTU has neither a start byte nor a length of its own: the function code tells. Source: MODBUS Application
 * Protocol Specification V1.1b3, chapter 6 (requests and responses of each function), chapter 7 (exceptions).
 */

/** Bytes of request and response alike: address, function, and four more. */
const FIXED = 6;

/** Functions whose response has a count of bytes at its third place. */
const COUNTED: ReadonlySet<number> = new Set([1, 2, 3, 4, 12, 17, 20, 21, 23]);
/** Functions whose response has the length of six, as the request of most others. */
const SIX: ReadonlySet<number> = new Set([5, 6, 8, 11, 15, 16]);

/**
 * Lengths (address to data, without CRC) that a frame that begins with these bytes may have: of a response first, then
 * of a request, which comes back as an echo on a bus of two wires. `more` when too few bytes are there to tell; none when
 * it is no function that tells its length.
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
  // Writing of several values: the request has them and their count.
  return bytes.length < 7 ? [FIXED] : [FIXED, 7 + (bytes[6] ?? 0)];
}

function known(code: number): boolean {
  return COUNTED.has(code) || SIX.has(code) || code === 7 || code === 22 || code === 24;
}

/** Functions that a slave answers with the request itself: writing of one coil or register, diagnostics, masking. */
const ANSWERED_ALIKE: ReadonlySet<number> = new Set([5, 6, 8, 22]);

/** True for a request that no slave answers with the same bytes: when they come back, the bus gives back what is sent. */
export function provesEcho(request: Uint8Array): boolean {
  const [, code = 0] = request;
  return known(code) && !ANSWERED_ALIKE.has(code);
}

/** True when these bytes begin with address and function of the request, or with its refusal. */
export function beginsAnswer(bytes: Uint8Array, request: Uint8Array): boolean {
  const [address, code = 0] = bytes;
  return bytes.length >= 2 && address === request[0] && (code & 0x7f) === request[1];
}
