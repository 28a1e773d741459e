import { z } from 'zod';
import { MAX_QUOTAS, QUOTA_KINDS, QUOTA_WARNINGS } from '../domain/bluetooth-quota.ts';
import { productId } from '../domain/triple.ts';
import { call } from '../rpc/contract.ts';
import { empty, timeMs } from './common.ts';

/** The quota of Bluetooth units of a product, with what is left of it. */
export const quotaView = z.object({
  productId: z.string(),
  kind: z.enum(QUOTA_KINDS),
  limit: z.int(),
  untilMs: timeMs.nullable(),
  others: z.int(),
  /** Units of this station that passed, and `others`. */
  used: z.int(),
  left: z.int(),
  warning: z.enum(QUOTA_WARNINGS).nullable(),
});
export type QuotaView = z.infer<typeof quotaView>;

export const quotasView = z.object({ quotas: z.array(quotaView).max(MAX_QUOTAS) });
export type QuotasView = z.infer<typeof quotasView>;

export const quotaCalls = {
  'quotas.get': call(['support', 'engineer'], empty, quotasView, { automatic: true, atOnce: false }),
  /** Adds the quota of a product or changes it. Faults: `bad-input`. */
  'quotas.set': call(
    ['engineer'],
    z.strictObject({
      productId,
      kind: z.enum(QUOTA_KINDS),
      limit: z.int().min(1).max(10_000_000),
      untilMs: timeMs.nullable(),
      others: z.int().min(-10_000_000).max(10_000_000),
    }),
    quotasView,
    { automatic: false, atOnce: false },
  ),
  /** Faults: `not-found`. */
  'quotas.remove': call(['engineer'], z.strictObject({ productId: z.string() }), quotasView, {
    automatic: false,
    atOnce: false,
  }),
};
