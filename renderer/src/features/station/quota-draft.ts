import type { QuotaView } from '#shared/contract/index.ts';
import {
  type BluetoothQuota,
  QUOTA_LIMITS,
  type QuotaKind,
  quotaDay,
  quotaEndMs,
} from '#shared/domain/bluetooth-quota.ts';
import { productId } from '#shared/domain/triple.ts';
import type { PlainMessageKey } from '#services/i18n/index.ts';

/** What the form of a quota shows. A number that is not typed is ''. */
export interface QuotaDraft {
  productId: string;
  kind: QuotaKind;
  limit: number | string;
  /** The last day, as `2027-06-30`; '' without an end. */
  until: string;
  others: number | string;
}
export type QuotaField = 'limit' | 'others' | 'productId' | 'until';

/** A stored quota as the form shows it; without one, an empty form. */
export function draftOfQuota(quota: QuotaView | null): QuotaDraft {
  if (quota === null) return { productId: '', kind: 'free', limit: '', until: '', others: 0 };
  const { productId: product, kind, limit, untilMs, others } = quota;
  return { productId: product, kind, limit, until: untilMs === null ? '' : quotaDay(untilMs), others };
}

/** The fields that cannot be saved as they are, with the text that says what to type. */
export function problemsOfQuota(
  draft: QuotaDraft,
  taken: readonly string[],
): Partial<Record<QuotaField, PlainMessageKey>> {
  const problems: Partial<Record<QuotaField, PlainMessageKey>> = {};
  const product = draft.productId.trim();
  if (!productId.safeParse(product).success) problems.productId = 'station.quotas.productWrong';
  else if (taken.includes(product)) problems.productId = 'station.quotas.productTaken';
  if (draft.kind === 'licence' && !isWhole(draft.limit, 1)) problems.limit = 'station.quotas.limitWrong';
  const endMs = quotaEndMs(draft.until);
  if (endMs === null && (draft.kind === 'year' || draft.until !== ''))
    problems.until = 'station.quotas.untilWrong';
  if (!isWhole(draft.others, -10_000_000)) problems.others = 'station.quotas.othersWrong';
  return problems;
}

/** The quota of a draft without problems. */
export function quotaOf(draft: QuotaDraft): BluetoothQuota {
  const { kind } = draft;
  return {
    productId: draft.productId.trim(),
    kind,
    limit: kind === 'licence' ? Number(draft.limit) : QUOTA_LIMITS[kind],
    untilMs: kind === 'free' ? null : quotaEndMs(draft.until),
    others: Number(draft.others),
  };
}

function isWhole(value: number | string, min: number): boolean {
  return Number.isInteger(value) && Number(value) >= min && Number(value) <= 10_000_000;
}
