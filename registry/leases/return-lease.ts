import type { LeaseReturnReply, ReturnRefusal } from '#shared/registry-api/index.ts';
import { RegistryError } from '../registry-error.ts';
import type { Store } from '../store/index.ts';

type LeasedDevice = ReturnType<Store['leases']['devices']>[number];

/**
 * Returns triples of a lease to the pool. A repeated return has no further effect. A triple that is bound, has
 * logged in or was given to a unit that registered is refused. Errors: `not-found` when the station does not have the lease.
 */
export function returnLease(
  store: Store,
  station: string,
  leaseId: string,
  deviceNames: readonly string[],
  nowMs: number,
): LeaseReturnReply {
  return store.write(() => {
    const lease = store.leases.byId(leaseId);
    if (lease === null || lease.station !== station) {
      throw new RegistryError(
        'not-found',
        `${station} has no lease ${leaseId}`,
        'Check the station name and the lease.',
      );
    }
    const leased = new Map(store.leases.devices(leaseId).map((device) => [device.deviceName, device]));
    const reply: LeaseReturnReply = { leaseId, returned: [], refused: [] };
    for (const deviceName of new Set(deviceNames)) {
      const device = leased.get(deviceName);
      const code = refusalOf(device);
      if (code !== null) {
        reply.refused.push({ deviceName, code, reason: `${deviceName} ${REASON[code]}` });
        continue;
      }
      if (device !== undefined && !device.returned) {
        store.leases.markReturned(leaseId, device.id, nowMs);
        store.devices.markAvailable(device.id);
      }
      reply.returned.push(deviceName);
    }
    return reply;
  });
}

const REASON: Readonly<Record<ReturnRefusal, string>> = {
  'not-in-lease': 'is not part of this lease',
  bound: 'is bound to a unit',
  retired: 'is retired',
  'seen-online': 'has logged in or registered, so that a unit holds it',
  quarantined: 'is in quarantine with its lease',
};

function refusalOf(device: LeasedDevice | undefined): ReturnRefusal | null {
  if (device === undefined) return 'not-in-lease';
  if (device.returned) return null;
  if (device.state === 'bound') return 'bound';
  if (device.state === 'retired') return 'retired';
  if (device.quarantined) return 'quarantined';
  return device.everSeen ? 'seen-online' : null;
}
