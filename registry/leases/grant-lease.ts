import type { LeaseReply, LeaseRequest } from '#shared/registry-api/index.ts';
import { counted } from '#shared/words/index.ts';
import { RegistryError } from '../registry-error.ts';
import { randomId } from '../platform.ts';
import { quarantineReason } from './quarantine-lease.ts';
import type { Vault } from '../secrets/index.ts';
import type { Store } from '../store/index.ts';

/**
 * Leases a block of triples to a station: `count` of them or none, and the same block for a repeated request.
 * Errors: `not-found` product, `pool-empty` with the number left, `conflict` when the request id
 * was used for another request.
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
    const existing = store.leases.byRequest(station, requestId);
    if (existing !== null) {
      if (existing.productId !== productId || existing.count !== count) {
        throw new RegistryError(
          'conflict',
          `request ${requestId} was used for ${counted(existing.count, 'triple')} of ${existing.productId}`,
          'Use a new request id for a new block.',
        );
      }
      if (existing.quarantinedBy !== null) {
        throw new RegistryError(
          'conflict',
          quarantineReason(store, existing.quarantinedBy),
          'Have the lease restored at the registry, or ask for a new block.',
        );
      }
      return existing.leaseId;
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
    const newLeaseId = randomId();
    store.leases.insert({ leaseId: newLeaseId, station, requestId, productId, count, nowMs });
    for (const { id } of devices) {
      store.devices.markLeased(id, station);
      store.leases.addDevice(newLeaseId, id);
    }
    return newLeaseId;
  });
  store.raiseHighWaterMark();
  // Outside of the transaction: opening thousands of secrets takes time.
  return replyOf(store, vault, leaseId, productId);
}

function replyOf(store: Store, vault: Vault, leaseId: string, productId: string): LeaseReply {
  const leased = store.leases.devices(leaseId).filter((device) => !device.returned);
  return {
    leaseId,
    productId,
    triples: leased.map(({ deviceName, sealedSecret }) => ({
      deviceName,
      deviceSecret: vault.open(productId, deviceName, sealedSecret),
    })),
  };
}
