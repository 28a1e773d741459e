import { Fault } from '#shared/domain/fault.ts';
import { DEVICE_NAME, DEVICE_SECRET } from '#shared/domain/triple.ts';
import type { Vault } from '../vault.ts';
import type { Store } from '../store/index.ts';
import { insertDevice, type NewDevice, requireOwnSecret } from './insert-device.ts';

export interface ListedTriple {
  /** Line in its file. */
  readonly line?: number;
  readonly deviceName: string;
  readonly deviceSecret: string;
}

interface NewTriple extends ListedTriple, NewDevice {}

/**
 * Adds the given triples to a product, all or none; returns how many existed with the same secret. Secrets are sealed and
 * compared before the write lock is acquired, because a running service waits for it. The result of the comparison stays
 * valid, because devices are never deleted and secrets never change.
 * Faults: `bad-input`; `identity-conflict` when a name exists with another secret, or a secret under another name.
 */
export function addListed(
  store: Store,
  vault: Vault,
  productId: string,
  triples: readonly ListedTriple[],
  nowMs: number,
): number {
  let skipped = 0;
  const fresh: NewTriple[] = [];
  for (const triple of triples) {
    checkTriple(triple);
    if (withLine(triple, () => exists(store, vault, productId, triple))) {
      skipped += 1;
      continue;
    }
    const { deviceName, deviceSecret } = triple;
    const secretDigest = vault.digest(deviceSecret);
    withLine(triple, () => requireOwnSecret(store, { productId, deviceName, secretDigest }));
    const sealedSecret = vault.seal(productId, deviceName, deviceSecret);
    fresh.push({ ...triple, productId, sealedSecret, secretDigest });
  }
  store.write(() => {
    for (const triple of fresh) {
      // Exists when the list has it twice, or another process has added it.
      if (exists(store, vault, productId, triple)) skipped += 1;
      else withLine(triple, () => insertDevice(store, triple, nowMs));
    }
  });
  return skipped;
}

function checkTriple({ deviceName, deviceSecret }: ListedTriple): void {
  if (!DEVICE_NAME.test(deviceName)) {
    throw new Fault('bad-input', `"${deviceName}" is not a DeviceName`, {
      hint: 'Use 1 to 48 of letters, digits and - _ : . @. Nothing was added.',
    });
  }
  if (!DEVICE_SECRET.test(deviceSecret)) {
    throw new Fault('bad-input', `the secret of ${deviceName} is not a DeviceSecret`, {
      hint: 'A DeviceSecret is base64 or 32 hex digits. Nothing was added.',
    });
  }
}

/** Adds the line to faults of `work`. */
function withLine<T>({ line }: ListedTriple, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (line === undefined || !(error instanceof Fault)) throw error;
    const { code, message, hint, details } = error;
    throw new Fault(code, `line ${line}: ${message}`, {
      ...(hint === null ? {} : { hint }),
      details: { ...details, line },
      cause: error,
    });
  }
}

function exists(
  store: Store,
  vault: Vault,
  productId: string,
  { deviceName, deviceSecret }: ListedTriple,
): boolean {
  const existing = store.devices.facts(productId, deviceName);
  if (existing === null) return false;
  if (vault.open(productId, deviceName, store.devices.sealedSecret(existing.id)) === deviceSecret)
    return true;
  throw new Fault('identity-conflict', `${productId}/${deviceName} is known with another secret`, {
    hint: 'One of the two lists is wrong. Nothing was added.',
    details: { productId, deviceName },
  });
}
