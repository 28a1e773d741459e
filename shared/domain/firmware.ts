import { z } from 'zod';

/** The largest package that is accepted; a larger one is an error or an attack. */
export const MAX_FIRMWARE_BYTES = 1024 * 1024 * 1024;
/** The largest `ota_cfg.json` that is accepted; it usually is a page of text. */
export const MAX_CONFIG_BYTES = 256 * 1024;

/** The files of a package: exactly one of each. */
export const FIRMWARE_SUFFIX = '.bin.ota';
export const CONFIG_NAME = 'ota_cfg.json';

const DOCUMENT =
  /\.(?:docx?|pdf|txt|md|rtf|xlsx?|csv|pptx?|wps|et|html?|json|xml|png|jpe?g|bin|img|fw)$|^(?:readme|licen[cs]e|changelog)$/i;

/** True for a file that is stored with the firmware in the same folder: a document, or an image that is burned beside it. */
export function isDocumentName(name: string): boolean {
  return DOCUMENT.test(name);
}

export const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);
export const md5Hex = z.string().regex(/^[0-9a-f]{32}$/);

/** 1 to 64 visible ASCII characters; it is compared with the version that a device reports in `$ota/report`. */
export const FIRMWARE_VERSION = /^[\x21-\x7e]{1,64}$/;
export const firmwareVersion = z.string().regex(FIRMWARE_VERSION);

/**
 * The 512-byte header that Bouffalo's build puts before the body of a `.bin.ota`, with offsets in bytes. Numbers are
 * little endian, texts padded with zeros. Source: Bouffalo SDK, post-process. Other makers
 * use the same suffix without it.
 */
export const OTA_HEADER = {
  magic: 'BL60X_OTA_Ver1.0',
  bytes: 512,
  offsets: { magic: 0, type: 16, bodyBytes: 20, hardware: 32, software: 48, bodySha256: 64 },
  textBytes: 16,
  typeBytes: 4,
  sha256Bytes: 32,
} as const;
