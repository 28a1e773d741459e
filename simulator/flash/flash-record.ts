import { join } from 'node:path';
import { z } from 'zod';

import { nativeFileName, readFileIfThere } from '#node-kit/files/index.ts';

/**
 * The content of a unit's flash file `DIR/<mac>.json`, a public interface (docs/simulator.md). It does not contain the
 * secret.
 */
export const flashRecord = z.strictObject({
  mac: z.string(),
  serialNumber: z.string(),
  identity: z
    .strictObject({
      productId: z.string(),
      deviceName: z.string(),
      /** SHA-256 of the secret as the burned string, hex. */
      secretSha256: z.string().regex(/^[0-9a-f]{64}$/),
    })
    .nullable(),
  /** Number of identities written into this flash since it was created. */
  identityWrites: z.number().int().nonnegative(),
  firmwareSha256: z.string().regex(/^[0-9a-f]{64}$/),
});

export type FlashRecord = z.infer<typeof flashRecord>;

/**
 * A file of the flash of the unit with this MAC: `<mac>.json`, `<mac>.sealed`, or `<mac>.flash`. On Windows, which forbids colons in the
 * names of files, they are hyphens.
 */
export function flashPath(
  dir: string,
  mac: string,
  ending: 'json' | 'sealed' | 'flash',
  isWindows?: boolean,
): string {
  return join(dir, nativeFileName(`${mac}.${ending}`, isWindows));
}

/**
 * The record of the unit with this MAC in a directory of flash files; `null` when the unit was never powered. Throws for a
 * file that is not a flash record.
 */
export function readFlashRecord(dir: string, mac: string): FlashRecord | null {
  const content = readFileIfThere(flashPath(dir, mac, 'json'));
  return content === null ? null : flashRecord.parse(JSON.parse(content.toString('utf8')));
}
