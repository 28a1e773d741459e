import { OTA_HEADER } from '#shared/domain/firmware.ts';

/** The header of a firmware. Texts end at their padding. */
export interface OtaHeader {
  /** `RAW`, `XZ` or another text. */
  readonly type: string;
  readonly bodyBytes: number;
  readonly hardwareVersion: string;
  readonly softwareVersion: string;
  /** Hex. */
  readonly bodySha256: string;
}

/** True when a file with these first bytes has a header. */
export function startsWithOtaMagic(bytes: Uint8Array): boolean {
  const magic = Buffer.from(OTA_HEADER.magic, 'latin1');
  return bytes.length >= magic.length && magic.equals(bytes.subarray(0, magic.length));
}

/**
 * Reads a header. Source: see `OTA_HEADER`.
 * @param bytes all 512; `startsWithOtaMagic` is true for them
 */
export function readOtaHeader(bytes: Uint8Array): OtaHeader {
  const { offsets, textBytes, typeBytes, sha256Bytes } = OTA_HEADER;
  const header = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // The padding is zeros, in some builds erased flash.
  const text = (offset: number, length: number): string =>
    header
      .toString('latin1', offset, offset + length)
      .replace(/[\0\xff][^]*$/, '')
      .trim();
  return {
    type: text(offsets.type, typeBytes),
    bodyBytes: header.readUInt32LE(offsets.bodyBytes),
    hardwareVersion: text(offsets.hardware, textBytes),
    softwareVersion: text(offsets.software, textBytes),
    bodySha256: header.toString('hex', offsets.bodySha256, offsets.bodySha256 + sha256Bytes),
  };
}
