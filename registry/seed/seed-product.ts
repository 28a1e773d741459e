import { Fault } from '#shared/domain/fault.ts';
import { PRODUCT_ID } from '#shared/domain/triple.ts';
import type { Vault } from '../vault.ts';
import type { Store } from '../store/index.ts';
import { addListed, type ListedTriple } from './add-listed.ts';
import { addNew } from './add-new.ts';

/** `count` new triples, the given ones (rows of a CSV), or both. */
export interface SeedRequest {
  readonly productId: string;
  /** Display name of the product; the default for a new product is its id. */
  readonly name?: string;
  readonly count?: number;
  /** New DeviceNames are this prefix and a number of six or more digits; default `gw`. */
  readonly prefix?: string;
  readonly triples?: readonly ListedTriple[];
}

/** `skipped`: triples that existed with the same secret; `available`: available triples of the product afterwards. */
export interface SeedResult {
  readonly productId: string;
  readonly added: number;
  readonly skipped: number;
  readonly available: number;
}

const PREFIX = /^[A-Za-z0-9:_.@-]{1,32}$/;
const MAX_COUNT = 1_000_000;

/**
 * Adds triples to the pool of a product, and creates a new product. A list is added completely or not at all.
 * Faults: `bad-input`; `identity-conflict` when a name exists with another secret, or a secret under another name.
 */
export function seedProduct(store: Store, vault: Vault, request: SeedRequest, nowMs: number): SeedResult {
  checkRequest(request);
  const { productId, name, count = 0, prefix = 'gw', triples = [] } = request;
  if (name !== undefined || !store.products.exists(productId)) {
    store.write(() => store.products.upsert(productId, name ?? productId, nowMs));
  }
  const skipped = addListed(store, vault, productId, triples, nowMs);
  addNew(store, vault, productId, prefix, count, nowMs);
  const added = triples.length - skipped + count;
  return { productId, added, skipped, available: store.devices.countAvailable(productId) };
}

function checkRequest({ productId, count, prefix }: SeedRequest): void {
  if (!PRODUCT_ID.test(productId)) {
    throw new Fault('bad-input', `"${productId}" is not a ProductId`, {
      hint: 'Use 1 to 32 letters and digits.',
    });
  }
  if (count !== undefined && (!Number.isInteger(count) || count < 0 || count > MAX_COUNT)) {
    throw new Fault('bad-input', `${count} is not a number of triples`, { hint: `Use 0 to ${MAX_COUNT}.` });
  }
  if (prefix !== undefined && !PREFIX.test(prefix)) {
    throw new Fault('bad-input', `"${prefix}" cannot begin a DeviceName`, {
      hint: 'Use 1 to 32 of letters, digits and - _ : . @.',
    });
  }
}
