import { randomUUID } from 'node:crypto';
import type { LeaseReply, LeaseRequest } from '#shared/registry-api/index.ts';
import { counted } from '#shared/words/index.ts';
import { RegistryError } from '../registry-error.ts';
import { quarantineReason } from './quarantine-lease.ts';
import type { Vault } from '../secrets/index.ts';
import type { Store } from '../store/index.ts';

/**
 * Gives a station a block of triples: whole or nothing, the same block again for the same request.
 * Faults (RegistryError): `not-found` product, `pool-empty` with how many are left, `conflict` when the request id
 * was used for something else.
 */
export function grantLease(
  store: Store,
  vault: Vault,
  station: string,
  request: LeaseRequest,
  nowMs: number,
): LeaseReply {
  const { requestId, productId, count } = request;
  const leaseId = store.write(() => {
    const before = store.leases.byRequest(station, requestId);
    if (before !== null) {
      if (before.productId !== productId || before.count !== count) {
        throw new RegistryError(
          'conflict',
          `request ${requestId} was used for ${counted(before.count, 'triple')} of ${before.productId}`,
          'Use a new request id for a new block.',
        );
      }
      if (before.quarantinedBy !== null) {
        throw new RegistryError(
          'conflict',
          quarantineReason(store, before.quarantinedBy),
          'Have the lease restored at the registry, or ask for a new block.',
        );
      }
      return before.leaseId;
    }
    if (!store.products.exists(productId)) {
      throw new RegistryError(
        'not-found',
        `product ${productId} is not known`,
        'Check the ProductId, or seed it.',
      );
    }
    const devices = store.devices.available(productId, count);
    if (devices.length < count) {
      throw new RegistryError(
        'pool-empty',
        `${productId} has ${counted(devices.length, 'triple')} left, ${count} ${count === 1 ? 'was' : 'were'} asked for`,
        'Seed more triples at the registry, or ask for fewer.',
        { productId, left: devices.length, asked: count },
      );
    }
    const granted = randomUUID();
    store.leases.insert({ leaseId: granted, station, requestId, productId, count, nowMs });
    for (const { id } of devices) {
      store.devices.markLeased(id, station);
      store.leases.addDevice(granted, id);
    }
    return granted;
  });
  store.raiseMark();
  // Opening thousands of secrets takes a moment; nobody has to wait for the lock meanwhile.
  return replyOf(store, vault, leaseId, productId);
}

function replyOf(store: Store, vault: Vault, leaseId: string, productId: string): LeaseReply {
  const held = store.leases.devices(leaseId).filter((device) => !device.returned);
  return {
    leaseId,
    productId,
    triples: held.map(({ deviceName, sealedSecret }) => ({
      deviceName,
      deviceSecret: vault.open(productId, deviceName, sealedSecret),
    })),
  };
}
