import { MAX_PAST_OWNERS, type OwnerReply, type UnbindRequest } from '#shared/registry-api/index.ts';
import { RegistryError } from '../registry-error.ts';
import type { Store } from '../store/index.ts';
import { ownDevice, type Station, type TokenContext } from './token-context.ts';

/** Who a device is bound to, and earlier bindings. Errors: `not-found`. */
export function ownersOf(store: Store, productId: string, deviceName: string): OwnerReply {
  const device = store.devices.facts(productId, deviceName);
  if (device === null)
    throw new RegistryError('not-found', `device ${productId}/${deviceName} is not known`, 'Check the name.');
  const [latest = null, ...rest] = store.owners.history(device.id, MAX_PAST_OWNERS + 1);
  if (latest === null) return { owner: null, past: [] };
  return latest.released === null
    ? { owner: latest, past: rest }
    : { owner: null, past: [latest, ...rest].slice(0, MAX_PAST_OWNERS) };
}

/**
 * Ends the binding of a device for a station. Returns the device, and whether it was bound. A device that is not bound stays as it is.
 * Errors: `not-found`, `forbidden`, `conflict` when it is bound to another owner than the request expects.
 */
export function releaseDevice(
  { store, nowMs }: TokenContext,
  station: Station,
  device: { readonly productId: string; readonly deviceName: string },
  { reason, by, owner }: UnbindRequest,
): { readonly deviceId: number; readonly released: boolean } {
  const { productId, deviceName } = device;
  return store.write(() => {
    const { id } = ownDevice(store, station, productId, deviceName, 'release');
    const binding = store.owners.current(id);
    if (binding === null) return { deviceId: id, released: false };
    if (owner !== undefined && binding.owner !== owner) {
      throw new RegistryError(
        'conflict',
        `${productId}/${deviceName} is bound to ${binding.owner}, not to ${owner}`,
        'Look who it belongs to before it is released.',
        { owner: binding.owner },
      );
    }
    store.owners.release(binding.id, {
      as: 'station',
      by: `${station.station}: ${by}`,
      reason,
      nowMs: nowMs(),
    });
    store.bindTokens.setState(binding.token, 'released');
    return { deviceId: id, released: true };
  });
}

/** The device itself ends its binding (`unbind_device`); without one nothing changes. */
export function releaseByDevice({ store, nowMs }: TokenContext, deviceId: number, name: string): void {
  store.write(() => {
    const binding = store.owners.current(deviceId);
    if (binding === null) return;
    store.owners.release(binding.id, { as: 'device', by: name, reason: 'unbind_device', nowMs: nowMs() });
    store.bindTokens.setState(binding.token, 'released');
  });
}
