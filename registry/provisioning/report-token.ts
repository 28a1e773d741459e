import type { RefusalReason } from '#shared/domain/mqtt-refusal.ts';
import type { BindTokenRow } from '../store/index.ts';
import { stateOf, type TokenContext, tokenDigest } from './token-context.ts';

/** Why a device's token is refused. */
export type TokenRefusal = Extract<RefusalReason, `token-${string}` | 'device-bound'>;

/**
 * A device reports a token (`app_bind_token`). Null when it is accepted: the token is made for it or for any device of its product,
 * lives, and no other device has reported it. The same device may report it again until it is released. One transaction.
 */
export function reportToken(
  { store, vault, nowMs }: TokenContext,
  deviceId: number,
  productId: string,
  token: string,
): TokenRefusal | null {
  return store.write(() => {
    const row = store.bindTokens.byDigest(tokenDigest(vault, token));
    if (row === null) return 'token-unknown';
    const atMs = nowMs();
    const refusal = refusalOf(row, deviceId, productId, atMs);
    if (refusal === null && stateOf(row, atMs) === 'made') {
      const binding = store.owners.current(deviceId);
      if (binding === null) store.bindTokens.markReported(row.id, deviceId, atMs);
      else return refuse('device-bound');
    }
    return refusal === null ? null : refuse(refusal);

    function refuse(reason: TokenRefusal): TokenRefusal {
      if (row !== null) store.bindTokens.setRefused(row.id, deviceId, atMs);
      return reason;
    }
  });
}

function refusalOf(
  row: BindTokenRow,
  deviceId: number,
  productId: string,
  nowMs: number,
): TokenRefusal | null {
  const isForIt = row.deviceId === null ? row.productId === productId : row.deviceId === deviceId;
  if (!isForIt) return 'token-of-another';
  switch (stateOf(row, nowMs)) {
    case 'made':
      return null;
    case 'reported':
    case 'bound':
      return row.reportedBy === deviceId ? null : 'token-used';
    case 'expired':
      return 'token-expired';
    case 'released':
    case 'withdrawn':
      return 'token-used';
  }
}
