import { randomBytes } from 'node:crypto';
import { DEVICE_NAME, DEVICE_SECRET, PRODUCT_ID } from '#shared/domain/triple.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Vault } from '../secrets/index.ts';
import type { Store } from '../store/index.ts';

/** What the pool of a product gets: `count` new triples, or given ones (the rows of a CSV). */
export interface SeedRequest {
  readonly productId: string;
  /** The product's name for people; its id when left out and the product is new. */
  readonly name?: string;
  readonly count?: number;
  /** DeviceNames of new triples are this and a number of six digits or more; `gw` when left out. */
  readonly prefix?: string;
  readonly triples?: readonly { readonly deviceName: string; readonly deviceSecret: string }[];
}

/** `skipped` were in the pool already with the same secret; `available` is what the product has free now. */
export interface SeedResult {
  readonly productId: string;
  readonly added: number;
  readonly skipped: number;
  readonly available: number;
}

const PREFIX = /^[A-Za-z0-9:_-]{1,32}$/;
const MAX_COUNT = 1_000_000;
/** Random bytes of a new secret: 16, as Tencent's PSKs have. */
const SECRET_BYTES = 16;

/**
 * Adds triples to a product's pool, all or none, creating the product when it is new.
 * Faults: `bad-input`; `identity-conflict` when a name exists with another secret.
 */
export function seedProduct(store: Store, vault: Vault, request: SeedRequest, nowMs: number): SeedResult {
  checkRequest(request);
  const { productId, prefix = 'gw' } = request;
  return store.write(() => {
    if (request.name !== undefined || !store.products.exists(productId)) {
      store.products.upsert(productId, request.name ?? productId, nowMs);
    }
    let skipped = 0;
    for (const triple of request.triples ?? []) {
      if (!addGiven(store, vault, productId, triple, nowMs)) skipped += 1;
    }
    const count = request.count ?? 0;
    if (count > 0) addNew(store, vault, productId, prefix, count, nowMs);
    const added = (request.triples?.length ?? 0) - skipped + count;
    return { productId, added, skipped, available: store.devices.countAvailable(productId) };
  });
}

function checkRequest(request: SeedRequest): void {
  if (!PRODUCT_ID.test(request.productId)) {
    throw new Fault('bad-input', `"${request.productId}" is not a ProductId`, {
      hint: 'Use 1 to 32 letters and digits.',
    });
  }
  const { count, prefix } = request;
  if (count !== undefined && (!Number.isInteger(count) || count < 0 || count > MAX_COUNT)) {
    throw new Fault('bad-input', `${count} is not a number of triples`, { hint: `Use 0 to ${MAX_COUNT}.` });
  }
  if (prefix !== undefined && !PREFIX.test(prefix)) {
    throw new Fault('bad-input', `"${prefix}" cannot begin a DeviceName`, {
      hint: 'Use 1 to 32 of letters, digits, colon, underscore and hyphen.',
    });
  }
}

function addGiven(
  store: Store,
  vault: Vault,
  productId: string,
  triple: { readonly deviceName: string; readonly deviceSecret: string },
  nowMs: number,
): boolean {
  const { deviceName, deviceSecret } = triple;
  if (!DEVICE_NAME.test(deviceName)) {
    throw new Fault('bad-input', `"${deviceName}" is not a DeviceName`, {
      hint: 'Use 1 to 48 of letters, digits, colon, underscore and hyphen. Nothing was added.',
    });
  }
  if (!DEVICE_SECRET.test(deviceSecret)) {
    throw new Fault('bad-input', `the secret of ${deviceName} is not a DeviceSecret`, {
      hint: 'A DeviceSecret is base64 or 32 hex digits. Nothing was added.',
    });
  }
  const known = store.devices.facts(productId, deviceName);
  if (known === null) {
    insert(store, vault, productId, deviceName, deviceSecret, nowMs);
    return true;
  }
  if (vault.open(productId, deviceName, store.devices.sealedSecret(known.id)) === deviceSecret) return false;
  throw new Fault('identity-conflict', `${productId}/${deviceName} is known with another secret`, {
    hint: 'One of the two lists is wrong. Nothing was added.',
    details: { productId, deviceName },
  });
}

function addNew(
  store: Store,
  vault: Vault,
  productId: string,
  prefix: string,
  count: number,
  nowMs: number,
): void {
  let number = store.products.lastNumber(productId, prefix);
  for (let added = 0; added < count;) {
    number += 1;
    const deviceName = `${prefix}${String(number).padStart(6, '0')}`;
    // A list given earlier may have used this name.
    if (store.devices.factsByClientId(productId + deviceName) !== null) continue;
    insert(store, vault, productId, deviceName, randomBytes(SECRET_BYTES).toString('base64'), nowMs);
    added += 1;
  }
  store.products.setLastNumber(productId, prefix, number);
}

function insert(
  store: Store,
  vault: Vault,
  productId: string,
  deviceName: string,
  deviceSecret: string,
  nowMs: number,
): void {
  const twin = store.devices.factsByClientId(productId + deviceName);
  if (twin !== null) {
    throw new Fault(
      'identity-conflict',
      `${productId}/${deviceName} and ${twin.productId}/${twin.deviceName} would have the same MQTT login`,
      { hint: 'Rename the new device. Nothing was added.', details: { productId, deviceName } },
    );
  }
  store.devices.insert(productId, deviceName, vault.seal(productId, deviceName, deviceSecret), nowMs);
}
