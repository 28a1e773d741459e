import { z } from 'zod';

/**
 * What a unit's flash file shows of it, and the whole of it: `DIR/<mac>.json`, a public interface (commands.md,
 * `sim units`). The secret itself is not in it.
 */
export const flashRecord = z.strictObject({
  mac: z.string(),
  serialNumber: z.string(),
  identity: z
    .strictObject({
      productId: z.string(),
      deviceName: z.string(),
      /** SHA-256 of the secret as the string that was burned, hex. */
      secretSha256: z.string().regex(/^[0-9a-f]{64}$/),
    })
    .nullable(),
  /** How often an identity was written into this flash, in its whole life. */
  identityWrites: z.number().int().nonnegative(),
  firmwareSha256: z.string().regex(/^[0-9a-f]{64}$/),
});

export type FlashRecord = z.infer<typeof flashRecord>;
