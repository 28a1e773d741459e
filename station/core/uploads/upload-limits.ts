import { MAX_ATTACHMENT_BYTES, PHOTO_ENDINGS } from '#shared/domain/attachment.ts';
import { MAX_FIRMWARE_BYTES } from '#shared/domain/firmware.ts';

/** A firmware package: its content and the overhead of its archive. Also the limit of every file without a kind of its own. */
export const MAX_UPLOAD_BYTES = MAX_FIRMWARE_BYTES + 16 * 1024 * 1024;

export interface UploadLimit {
  /** What such a file is, for the fault. */
  readonly what: string;
  readonly maxBytes: number;
  /** False: it does not count towards the size of all waiting uploads, because one alone may exceed that. */
  readonly isCounted: boolean;
}

/** By the end of the name. Only the disk limits a backup, which has the size of a database. */
const LIMITS: Readonly<Record<string, UploadLimit>> = {
  '.db': { what: 'a backup', maxBytes: Infinity, isCounted: false },
  ...Object.fromEntries(
    PHOTO_ENDINGS.map((ending) => [
      ending,
      { what: 'a photo', maxBytes: MAX_ATTACHMENT_BYTES, isCounted: true },
    ]),
  ),
  '.key': { what: 'a key file', maxBytes: 1024 * 1024, isCounted: true },
};
const OTHER: UploadLimit = { what: 'a firmware package', maxBytes: MAX_UPLOAD_BYTES, isCounted: true };

/** The limit of an upload, by the name of its file. */
export function limitOf(name: string): UploadLimit {
  const ending = Object.keys(LIMITS).find((one) => name.toLowerCase().endsWith(one));
  return (ending === undefined ? undefined : LIMITS[ending]) ?? OTHER;
}
