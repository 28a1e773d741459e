import { z } from 'zod';
import { regex, stepCommon } from '../common.ts';

/** Asks the unit who it is: chip id, module model, firmware version. */
export const identify = z.strictObject({
  verb: z.literal('identify'),
  ...stepCommon,
  model: regex.optional(),
  firmware: regex.optional(),
});

/** Claim, durable intent, write, read back: the unit's identity. */
export const burnTriple = z.strictObject({ verb: z.literal('burn-triple'), ...stepCommon });

/** Makes the unit's label; written when the run passes. */
export const label = z.strictObject({
  verb: z.literal('label'),
  ...stepCommon,
  code: z.enum(['qr', 'datamatrix']).default('qr'),
});
