import { randomBytes } from '../platform.ts';
import { insertDevice } from '../seed/index.ts';
import type { Store } from '../store/index.ts';
import type { Vault } from '../vault.ts';
import type { RegistrationRefusal } from './refusals.ts';

export type Registered =
  | { readonly ok: true; readonly deviceSecret: string }
  | { readonly ok: false; readonly refusal: RegistrationRefusal };

const SECRET_BYTES = 16;

/**
 * Registers a device whose request was signed. It gets the DeviceSecret that the registry has of it, the same one each time until
 * it has logged in: a lost reply costs nothing, and the station that leased the name can prove what the unit holds. A device of
 * the pool is not leased any more after it. With type 2 an unknown name is created, within the limit.
 */
export function registerDevice(
  store: Store,
  vault: Vault,
  name: { readonly productId: string; readonly deviceName: string },
  nowMs: number,
): Registered {
  const { productId, deviceName } = name;
  return store.write((): Registered => {
    const product = store.registration.ofProduct(productId);
    if (product === null || product.registerType === 0) return refused('registration-off');
    const device = store.devices.facts(productId, deviceName);
    if (device === null) {
      if (product.registerType !== 2) return refused('device-unknown');
      if (store.registration.countCreated(productId) >= product.createLimit)
        return refused('registration-limit');
      // Another product and name can make the same client id.
      if (store.devices.factsByClientId(productId + deviceName) !== null) return refused('content-wrong');
      const deviceSecret = randomBytes(SECRET_BYTES).toString('base64');
      const sealedSecret = vault.seal(productId, deviceName, deviceSecret);
      insertDevice(
        store,
        { productId, deviceName, sealedSecret, secretDigest: vault.digest(deviceSecret) },
        nowMs,
      );
      const id = store.devices.facts(productId, deviceName)?.id ?? 0;
      store.devices.withhold(id);
      store.registration.record(id, productId, true, nowMs);
      return { ok: true, deviceSecret };
    }
    if (device.state === 'retired' || device.state === 'quarantined') return refused(device.state);
    if (device.logins > store.registration.loginsBefore(device.id)) return refused('already-active');
    // A station has written it into a unit: another unit would have the same identity, also when that one has not logged in yet.
    if (device.state === 'bound' && !store.registration.isKnown(device.id)) return refused('already-active');
    // A unit has it now: no station may give it to another one.
    if (device.state === 'available') store.devices.withhold(device.id);
    store.registration.record(device.id, productId, false, nowMs);
    const deviceSecret = vault.open(productId, deviceName, store.devices.sealedSecret(device.id));
    return { ok: true, deviceSecret };
  });
}

function refused(refusal: RegistrationRefusal): Registered {
  return { ok: false, refusal };
}
