/*
 * Frames of BluFi as firmware builds and checks them. Source: ESP-IDF 5.2, components/bt/common/btc/profile/esp/blufi.
 */

/** What a frame carries besides its type. */
export interface PhoneFrame {
  readonly type: number;
  readonly wantsAck: boolean;
  readonly isFragment: boolean;
  readonly number: number;
  /** Plain. */
  readonly body: Buffer;
}

/** Codes of the error report. */
export const REPORTED = {
  sequence: 0x00,
  checksum: 0x01,
  decrypt: 0x02,
  parameters: 0x06,
  readParameters: 0x07,
  format: 0x09,
  scan: 0x0b,
} as const;

/** Encryption of the bodies of one session. */
export interface SessionKeys {
  open(number: number, body: Buffer): Buffer;
  close(number: number, body: Buffer): Buffer;
}

const [ENCRYPTED, CHECKED, TO_PHONE, WANTS_ACK, FRAGMENT] = [1, 2, 4, 8, 16] as const;
const HEAD = 4;

/**
 * Checks a written value. Returns the code of an error report for a wrong one.
 *
 * @param expected the number that must come next
 * @param allowsMoreBytes bytes after the frame are not looked at
 */
export function openFrame(
  value: Uint8Array,
  expected: number,
  keys: SessionKeys | null,
  allowsMoreBytes = false,
): PhoneFrame | { readonly error: number } {
  const bytes = Buffer.from(value);
  if (bytes.length < HEAD) return { error: REPORTED.format };
  const flags = bytes.readUInt8(1);
  const size = bytes.readUInt8(3);
  const isChecked = (flags & CHECKED) !== 0;
  const length = HEAD + size + (isChecked ? 2 : 0);
  if (bytes.length < length || (bytes.length > length && !allowsMoreBytes)) return { error: REPORTED.format };
  const number = bytes.readUInt8(2);
  if (number !== expected) return { error: REPORTED.sequence };
  let body: Buffer = bytes.subarray(HEAD, HEAD + size);
  if ((flags & ENCRYPTED) !== 0) {
    if (keys === null) return { error: REPORTED.decrypt };
    body = keys.open(number, body);
  }
  if (isChecked && bytes.readUInt16LE(HEAD + size) !== frameCrc(number, body))
    return { error: REPORTED.checksum };
  return {
    type: bytes.readUInt8(0),
    wantsAck: (flags & WANTS_ACK) !== 0,
    isFragment: (flags & FRAGMENT) !== 0,
    number,
    body,
  };
}

export interface UnitFrame {
  readonly type: number;
  readonly number: number;
  readonly body: Buffer;
  readonly isFragment: boolean;
  readonly isChecked: boolean;
  readonly wantsAck: boolean;
  /** `null`: not encrypted. */
  readonly keys: SessionKeys | null;
}

export function closeFrame({ type, number, body, isFragment, isChecked, wantsAck, keys }: UnitFrame): Buffer {
  const flags =
    TO_PHONE |
    (keys === null ? 0 : ENCRYPTED) |
    (isChecked ? CHECKED : 0) |
    (wantsAck ? WANTS_ACK : 0) |
    (isFragment ? FRAGMENT : 0);
  const sum = Buffer.alloc(isChecked ? 2 : 0);
  if (isChecked) sum.writeUInt16LE(frameCrc(number, body));
  const sent = keys === null ? body : keys.close(number, body);
  return Buffer.concat([Buffer.of(type, flags, number, body.length), sent, sum]);
}

/** The ROM's `crc16_be(0, …)` over number, length and plain body. */
function frameCrc(number: number, body: Buffer): number {
  let register = 0xffff;
  for (const byte of [number, body.length, ...body])
    for (let mask = 0x80; mask > 0; mask >>= 1) {
      const isSet = (register & 0x8000) !== 0;
      register = (register << 1) & 0xffff;
      if (isSet !== ((byte & mask) !== 0)) register ^= 0x1021;
    }
  return ~register & 0xffff;
}
