import type { z } from 'zod';
import type { bindTokenRequest, BindTokenReply, BindTokenView } from '#shared/registry-api/index.ts';
import { randomId } from '../platform.ts';
import { RegistryError } from '../registry-error.ts';
import type { BindTokenRow } from '../store/index.ts';
import {
  alreadyBound,
  ownDevice,
  ownToken,
  stateOf,
  type Station,
  type TokenContext,
  tokenDigest,
  viewOf,
} from './token-context.ts';

/** 32 characters, as the token that document 001 prints. */
const HEX_DIGITS = 29;

/**
 * Makes a provisioning token, or gives the one of a repeated request again. Its text is derived from station and key, so that the
 * database does not have it. Errors: `not-found` for a product or device, `forbidden`, `conflict` for a device that is bound, and
 * for a key that another request has used.
 */
export function makeToken(
  context: TokenContext,
  station: Station,
  request: z.output<typeof bindTokenRequest>,
): BindTokenReply {
  const { store, vault, nowMs } = context;
  const { productId, deviceName, key, batchId = null, lifeMs } = request;
  const seed = JSON.stringify([station.station, key]);
  const token = `v3_${Buffer.from(vault.derive('bind token', seed)).toString('hex').slice(0, HEX_DIGITS)}`;
  return store.write(() => {
    const existing = store.bindTokens.byKey(station.station, key);
    if (existing !== null) {
      if (existing.productId !== productId || existing.deviceName !== deviceName) throw keyUsed(key);
      return { ...viewOf(existing, nowMs()), token };
    }
    if (store.products.get(productId) === null)
      throw new RegistryError('not-found', `product ${productId} is not known`, 'Check the name.');
    const device = deviceName === null ? null : ownDevice(store, station, productId, deviceName, 'provision');
    const binding = device === null ? null : store.owners.current(device.id);
    if (binding !== null) throw alreadyBound(`${productId}/${deviceName}`, binding.owner);
    const madeMs = nowMs();
    store.bindTokens.add({
      tokenId: randomId(),
      digest: tokenDigest(vault, token),
      station: station.station,
      key,
      productId,
      deviceId: device?.id ?? null,
      batchId,
      madeMs,
      expiresMs: madeMs + lifeMs,
    });
    const row = store.bindTokens.byKey(station.station, key) as BindTokenRow;
    return { ...viewOf(row, madeMs), token };
  });
}

/** Errors: `not-found`. */
export function readToken({ store, nowMs }: TokenContext, station: Station, tokenId: string): BindTokenView {
  return viewOf(ownToken(store, station, tokenId), nowMs());
}

/**
 * Withdraws a token that is not bound: no device may report it any more. One that has ended stays as it is.
 * Errors: `not-found`, `conflict` when it is bound.
 */
export function withdrawToken(
  { store, nowMs }: TokenContext,
  station: Station,
  tokenId: string,
): BindTokenView {
  return store.write(() => {
    const row = ownToken(store, station, tokenId);
    switch (stateOf(row, nowMs())) {
      case 'bound':
        throw new RegistryError(
          'conflict',
          `a device is bound with the token ${tokenId}`,
          'Release the device instead.',
        );
      case 'released':
      case 'withdrawn':
        break;
      case 'made':
      case 'reported':
      case 'expired':
        store.bindTokens.setState(row.id, 'withdrawn');
    }
    return viewOf(ownToken(store, station, tokenId), nowMs());
  });
}

function keyUsed(key: string): RegistryError {
  return new RegistryError(
    'conflict',
    `another token has the key ${key}`,
    'Give each token a key of its own.',
  );
}
