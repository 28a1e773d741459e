import { crc } from '#shared/codec/crc.ts';
import type { BlufiCipher } from './cipher.ts';
import { FLAG } from './frame-types.ts';

/** Type, flags, sequence, length. */
export const HEADER_BYTES = 4;
export const CHECKSUM_BYTES = 2;
/** In front of the content of every fragment except the last: how much remains, this content included. Low byte first. */
export const REMAINING_BYTES = 2;
/** The length has one byte. */
export const MAX_DATA_BYTES = 0xff;

/** A frame whose data are plain. */
export interface BlufiFrame {
  readonly type: number;
  /** Bits of `FLAG`. */
  readonly flags: number;
  readonly sequence: number;
  readonly data: Uint8Array;
}

export type ParsedFrame =
  | { readonly ok: true; readonly frame: BlufiFrame }
  | { readonly ok: false; readonly reason: string };

/**
 * The bytes of a frame: type, flags, sequence, length, data, CRC-16 with the low byte first. The length is that of the data; the
 * checksum covers sequence, length and plain data; only the data are encrypted. Source: ESP-IDF, "BluFi".
 *
 * @param cipher for a frame whose flags have `FLAG.encrypted`
 */
export function encodeFrame(
  { type, flags, sequence, data }: BlufiFrame,
  cipher: BlufiCipher | null,
): Uint8Array {
  const hasChecksum = (flags & FLAG.checksum) !== 0;
  const bytes = new Uint8Array(HEADER_BYTES + data.length + (hasChecksum ? CHECKSUM_BYTES : 0));
  bytes.set([type, flags, sequence, data.length]);
  bytes.set(
    (flags & FLAG.encrypted) === 0 ? data : requireCipher(cipher).encrypt(sequence, data),
    HEADER_BYTES,
  );
  if (hasChecksum)
    new DataView(bytes.buffer).setUint16(HEADER_BYTES + data.length, checksum(sequence, data), true);
  return bytes;
}

/** The header of a frame whose length is right; the text of what is wrong for other bytes. */
export function measureFrame(
  bytes: Uint8Array,
):
  | { readonly type: number; readonly flags: number; readonly sequence: number; readonly length: number }
  | string {
  const [type, flags, sequence, length] = bytes;
  if (type === undefined || flags === undefined || sequence === undefined || length === undefined)
    return `${bytes.length} bytes are no frame`;
  const wanted = HEADER_BYTES + length + ((flags & FLAG.checksum) === 0 ? 0 : CHECKSUM_BYTES);
  if (bytes.length !== wanted) return `a frame of ${wanted} bytes by its length has ${bytes.length}`;
  return { type, flags, sequence, length };
}

/** Reads a frame as it was notified. Any bytes are allowed. */
export function parseFrame(bytes: Uint8Array, cipher: BlufiCipher | null): ParsedFrame {
  const measured = measureFrame(bytes);
  if (typeof measured === 'string') return { ok: false, reason: measured };
  const { type, flags, sequence, length } = measured;
  const content = bytes.subarray(HEADER_BYTES, HEADER_BYTES + length);
  const isEncrypted = (flags & FLAG.encrypted) !== 0;
  if (isEncrypted && cipher === null)
    return { ok: false, reason: 'a frame is encrypted before a key was agreed' };
  const data = isEncrypted ? requireCipher(cipher).decrypt(sequence, content) : content.slice();
  if ((flags & FLAG.checksum) !== 0) {
    const found = new DataView(bytes.buffer, bytes.byteOffset).getUint16(HEADER_BYTES + length, true);
    if (found !== checksum(sequence, data)) return { ok: false, reason: 'the checksum of a frame is wrong' };
  }
  return { ok: true, frame: { type, flags, sequence, data } };
}

function checksum(sequence: number, data: Uint8Array): number {
  return crcGenibus(Uint8Array.of(sequence, data.length, ...data));
}

/** CRC-16/GENIBUS: CCITT-FALSE with inverted output. */
export function crcGenibus(bytes: Uint8Array): number {
  return crc('crc16-ccitt-false', bytes) ^ 0xffff;
}

function requireCipher(cipher: BlufiCipher | null): BlufiCipher {
  if (cipher === null) throw new Error('an encrypted frame needs a cipher');
  return cipher;
}
