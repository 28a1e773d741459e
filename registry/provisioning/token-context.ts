import type { BindTokenView } from '#shared/registry-api/index.ts';
import { RegistryError } from '../registry-error.ts';
import { type Caller, hasRight } from '../stations/index.ts';
import type { BindTokenRow, DeviceFacts, Store } from '../store/index.ts';
import type { Vault } from '../vault.ts';

/** What the acts on tokens and owners use. */
export interface TokenContext {
  readonly store: Store;
  readonly vault: Vault;
  readonly nowMs: () => number;
}

/** The station that asks. */
export type Station = Pick<Caller, 'station' | 'rights'>;

/** Finds a token by its digest, without a copy of the token in the database. */
export function tokenDigest(vault: Vault, token: string): Uint8Array {
  return vault.derive('bind token digest', token);
}

/** The state at this time: a token that was not bound within its life is expired. */
export function stateOf({ state, expiresMs }: BindTokenRow, nowMs: number): BindTokenView['state'] {
  return (state === 'made' || state === 'reported') && nowMs >= expiresMs ? 'expired' : state;
}

/** The view of a token without its text. */
export function viewOf(row: BindTokenRow, nowMs: number): BindTokenView {
  const { productId, reporterName, refusedProduct, refusedName } = row;
  return {
    tokenId: row.tokenId,
    productId,
    deviceName: row.deviceName,
    state: stateOf(row, nowMs),
    madeAtMs: row.madeMs,
    expiresAtMs: row.expiresMs,
    reportedBy: reporterName === null ? null : { productId, deviceName: reporterName },
    reportedAtMs: row.reportedMs,
    refusedBy:
      refusedProduct === null || refusedName === null
        ? null
        : { productId: refusedProduct, deviceName: refusedName },
    refusedAtMs: row.refusedMs,
    owner: row.owner,
  };
}

/** The token of this station. Errors: `not-found`, also for the token of another station. */
export function ownToken(store: Store, { station }: Station, tokenId: string): BindTokenRow {
  const row = store.bindTokens.byId(tokenId);
  if (row !== null && row.station === station) return row;
  throw new RegistryError(
    'not-found',
    `station ${station} has made no token ${tokenId}`,
    'Make one, and use it at the station that made it.',
  );
}

/** A device that this station may provision and release. Errors: `not-found`, `forbidden`. */
export function ownDevice(
  store: Store,
  station: Station,
  productId: string,
  deviceName: string,
  act: string,
): DeviceFacts {
  const name = `${productId}/${deviceName}`;
  const device = store.devices.facts(productId, deviceName);
  if (device === null) throw new RegistryError('not-found', `device ${name} is not known`, 'Check the name.');
  const isOfOther = device.leasedTo !== null && device.leasedTo !== station.station;
  if (isOfOther && !hasRight(station, 'desk')) {
    throw new RegistryError(
      'forbidden',
      `station ${station.station} may not ${act} ${name}, which belongs to ${device.leasedTo}`,
      'Have it done by that station, or by a station with the right "desk" ("registry station rights").',
    );
  }
  return device;
}

/** Errors: `conflict` with the owner in `details`. */
export function alreadyBound(name: string, owner: string): RegistryError {
  return new RegistryError(
    'conflict',
    `${name} is bound to ${owner}`,
    'Release it first: on the page "Returns", or with "gongwei unit unbind".',
    { owner },
  );
}
