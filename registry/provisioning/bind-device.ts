import type { BindRequest, BindTokenView } from '#shared/registry-api/index.ts';
import { RegistryError } from '../registry-error.ts';
import { alreadyBound, ownToken, stateOf, type Station, type TokenContext, viewOf } from './token-context.ts';

/** A binding that was made or repeated. */
export interface Bound {
  readonly view: BindTokenView;
  /** The device; null when this request was repeated, so that it is told once. */
  readonly deviceToTell: number | null;
}

/**
 * Binds the device that has reported a token to an owner. Errors: `not-found`, `conflict` when no device has reported it, when its
 * life is over, when it was used before, and when the device is bound already.
 */
export function bindDevice(
  { store, nowMs }: TokenContext,
  station: Station,
  tokenId: string,
  { owner, key }: BindRequest,
): Bound {
  return store.write(() => {
    const row = ownToken(store, station, tokenId);
    const atMs = nowMs();
    const state = stateOf(row, atMs);
    const binding = row.reportedBy === null ? null : store.owners.current(row.reportedBy);
    if (state === 'bound' && binding !== null && binding.key === key && binding.owner === owner)
      return { view: viewOf(row, atMs), deviceToTell: null };
    if (binding !== null) throw alreadyBound(`${row.productId}/${row.reporterName ?? ''}`, binding.owner);
    if (state !== 'reported' || row.reportedBy === null)
      throw new RegistryError(
        'conflict',
        state === 'made' ? `no device has reported the token ${tokenId}` : `the token ${tokenId} is ${state}`,
        state === 'made' ? 'Wait for the device.' : 'Make a new one.',
        { state },
      );
    store.bindTokens.setState(row.id, 'bound');
    store.owners.add({
      deviceId: row.reportedBy,
      token: row.id,
      owner,
      station: station.station,
      key,
      boundMs: atMs,
    });
    return { view: viewOf(ownToken(store, station, tokenId), atMs), deviceToTell: row.reportedBy };
  });
}
