import { z } from 'zod';
import { productId } from './triple.ts';

/**
 * How many Bluetooth units of a product its mini program takes: the free version 10, the extension 100 for one year, a paid licence
 * its own number. Source: document 000, quota of Bluetooth devices.
 */
export const QUOTA_KINDS = ['free', 'year', 'licence'] as const;
export type QuotaKind = (typeof QUOTA_KINDS)[number];

/** The number of units of a kind; a licence has its own. */
export const QUOTA_LIMITS = { free: 10, year: 100 } as const;

export const MAX_QUOTAS = 100;
const MAX_UNITS = 10_000_000;

export const bluetoothQuota = z
  .strictObject({
    productId,
    kind: z.enum(QUOTA_KINDS),
    /** Units that it takes. */
    limit: z.int().min(1).max(MAX_UNITS),
    /** Its end, in milliseconds since 1970; `null` for one without an end. */
    untilMs: z.int().nullable(),
    /** Units that this station does not count: those of other stations, less those that were deleted in the back office. */
    others: z.int().min(-MAX_UNITS).max(MAX_UNITS),
  })
  .refine(({ kind, limit }) => kind === 'licence' || limit === QUOTA_LIMITS[kind], {
    path: ['limit'],
    message: 'is 10 for the free version and 100 for the extension of a year',
  })
  .refine(({ kind, untilMs }) => kind !== 'year' || untilMs !== null, {
    path: ['untilMs'],
    message: 'is needed for the extension of a year',
  });
export type BluetoothQuota = z.infer<typeof bluetoothQuota>;

export const bluetoothQuotas = z.array(bluetoothQuota).max(MAX_QUOTAS);

/** What a person must know of a quota: its time is over, it is used up, it will be used up or over soon. */
export const QUOTA_WARNINGS = ['expired', 'full', 'ending', 'low'] as const;
export type QuotaWarning = (typeof QUOTA_WARNINGS)[number];

/** A quota is low from a tenth of its places on. */
const LOW_PART = 0.1;
const ENDING_MS = 30 * 86_400_000;

/** The places that are left, and the gravest warning; `own` are the units that this station has counted. */
export function quotaLeft(
  { limit, untilMs, others }: Pick<BluetoothQuota, 'limit' | 'untilMs' | 'others'>,
  own: number,
  nowMs: number,
): { readonly used: number; readonly left: number; readonly warning: QuotaWarning | null } {
  const used = Math.max(0, own + others);
  const left = Math.max(0, limit - used);
  return { used, left, warning: warningOf() };

  function warningOf(): QuotaWarning | null {
    if (untilMs !== null && nowMs >= untilMs) return 'expired';
    if (left === 0) return 'full';
    if (untilMs !== null && untilMs - nowMs < ENDING_MS) return 'ending';
    return left <= Math.ceil(limit * LOW_PART) ? 'low' : null;
  }
}

/** The last day of a quota as `2027-06-30`, UTC. */
export function quotaDay(untilMs: number): string {
  return new Date(untilMs - 1).toISOString().slice(0, 10);
}

/** The end of a day as `quotaDay` writes it; `null` for another text. */
export function quotaEndMs(day: string): number | null {
  const startMs = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  return Number.isNaN(startMs) ? null : startMs + 86_400_000;
}
