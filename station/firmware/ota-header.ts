import { OTA_HEADER } from '#shared/domain/firmware.ts';

/** What the header before a body says. Texts as written, up to their padding. */
export interface OtaHeader {
  /** `RAW`, `XZ`, or whatever stands there. */
  readonly type: string;
  readonly bodyBytes: number;
  readonly hardwareVersion: string;
  readonly softwareVersion: string;
  /** Of the body, hex. */
  readonly bodySha256: string;
}

/** True when a file that begins like this has a header, or should have one. */
export function startsWithOtaMagic(bytes: Uint8Array): boolean {
  const magic = Buffer.from(OTA_HEADER.magic, 'latin1');
  return bytes.length >= magic.length && magic.equals(bytes.subarray(0, magic.length));
}

/**
 * Reads a header that `startsWithOtaMagic`.
 * @param bytes all 512 of it. Source: see `OTA_HEADER`.
 */
export function readOtaHeader(bytes: Uint8Array): OtaHeader {
  const { at, textBytes, typeBytes, sha256Bytes } = OTA_HEADER;
  const header = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Padded with zeros, by other builds with erased flash.
  const text = (offset: number, length: number): string =>
    header
      .toString('latin1', offset, offset + length)
      .replace(/[\0\xff][^]*$/, '')
      .trim();
  return {
    type: text(at.type, typeBytes),
    bodyBytes: header.readUInt32LE(at.bodyBytes),
    hardwareVersion: text(at.hardware, textBytes),
    softwareVersion: text(at.software, textBytes),
    bodySha256: header.toString('hex', at.bodySha256, at.bodySha256 + sha256Bytes),
  };
}
