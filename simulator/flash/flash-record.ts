import { z } from 'zod';

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
