import type { RegistryEvent, RunFinishedPayload } from '#shared/registry-api/index.ts';
import { lastRestoredAtMs, quarantineReason } from '../leases/index.ts';
import type { Binding, Store } from '../store/index.ts';
import { provesSecret } from './proves-secret.ts';
import { type EventContext, Rejection } from './event-context.ts';

/** The identity that a run or a return burned, and the unit. */
export type Burned = Pick<RunFinishedPayload, 'identity' | 'chipId' | 'serialNumber'>;

/**
 * Checks that the burned identity may be bound to its unit. Returns the binding; null when none was burned.
 * Rejections: `chip-missing`, `identity-unknown`, `identity-retired`, `identity-bound-elsewhere`,
 * `identity-leased-elsewhere`, `identity-quarantined`, `chip-holds-another`, `login-unknown`.
 */
export function checkBinding(
  context: EventContext,
  event: Pick<RegistryEvent, 'key' | 'atMs' | 'secretProof'> & { readonly payload: Burned },
): Binding | null {
  const { store, station, assumesUnique } = context;
  const run = event.payload;
  if (run.identity === null) return null;
  const { productId, deviceName } = run.identity;
  const name = `${productId}/${deviceName}`;
  const { chipId, serialNumber } = run;
  if (chipId === null) {
    throw new Rejection('chip-missing', `${name} was burned, but the run does not say into which unit`);
  }
  const device = store.devices.facts(productId, deviceName);
  if (device === null) throw new Rejection('identity-unknown', `${name} is not in this registry`);
  if (device.state === 'retired')
    throw new Rejection('identity-retired', `${name} is retired and may not be used again`);
  if (device.state === 'bound' && device.chipId !== chipId) {
    throw new Rejection(
      'identity-bound-elsewhere',
      `${name} belongs to unit ${device.chipId}, not to ${chipId}`,
    );
  }
  const isOwnedByOtherStation = device.leasedTo !== null && device.leasedTo !== station;
  const firstLogin = store.loginProofs.chipOf(device.id);
  if (firstLogin !== null && firstLogin !== chipId) {
    throw new Rejection(
      'identity-bound-elsewhere',
      `${name} logged in from unit ${firstLogin} first, not from ${chipId}`,
    );
  }
  if (device.state === 'leased' && isOwnedByOtherStation) {
    throw new Rejection(
      'identity-leased-elsewhere',
      `${name} was leased to ${device.leasedTo}, not to ${station}`,
    );
  }
  const isLeasedToNobody =
    device.state === 'available' || (device.state === 'leased' && device.leasedTo === null);
  if (isLeasedToNobody && !provesSecret(context, event, device)) {
    throw new Rejection(
      'identity-leased-elsewhere',
      `${name} is leased to no station, and ${station} does not prove that it has its secret`,
    );
  }
  if (device.state === 'quarantined') {
    const reason =
      device.quarantinedBy === null ? 'it is in quarantine' : quarantineReason(store, device.quarantinedBy);
    throw new Rejection('identity-quarantined', `${name} may not be used: ${reason}`);
  }
  const current = assumesUnique ? null : store.devices.liveOnChip(chipId);
  if (current !== null && current.id !== device.id) {
    throw new Rejection(
      'chip-holds-another',
      `unit ${chipId} already holds ${current.productId}/${current.deviceName}; retire that before it becomes ${name}`,
    );
  }
  if (
    run.identity.proof.online === 'registry' &&
    device.logins === 0 &&
    !isBeforeRestore(store, event.atMs)
  ) {
    throw new Rejection(
      'login-unknown',
      `${station} reports that this registry saw ${name} log in, but it never logged in`,
    );
  }
  // A run at another station changes neither the owner nor the serial number.
  return isOwnedByOtherStation
    ? { deviceId: device.id, chipId, serialNumber: null, owner: device.leasedTo ?? station }
    : { deviceId: device.id, chipId, serialNumber, owner: station };
}

/** True for an event of the time before the last restore, of which a restored registry has no logins. */
function isBeforeRestore(store: Store, atMs: number): boolean {
  return atMs <= (lastRestoredAtMs(store) ?? -1);
}
