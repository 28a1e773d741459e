import type { RunFinishedPayload } from '#shared/registry-api/index.ts';
import { HELD_BACK, whyQuarantined } from '../leases/index.ts';
import type { Binding } from '../store/index.ts';
import type { Judging } from './judging.ts';
import { Rejection } from './rejection.ts';

/** What was burned into which unit, by a run or at the returns desk. */
export type Burned = Pick<RunFinishedPayload, 'identity' | 'chipId' | 'serialNumber'>;

/**
 * May the identity that was burned be bound to the unit it was burned into? Gives what is to be bound; null when none
 * was burned.
 * Rejections: `chip-missing`, `identity-unknown`, `identity-retired`, `identity-bound-elsewhere`,
 * `identity-leased-elsewhere`, `identity-quarantined`, `chip-holds-another`.
 */
export function judgeBinding({ store, station, isUnique }: Judging, run: Burned): Binding | null {
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
  const proven = store.loginProofs.chipOf(device.id);
  if (proven !== null && proven !== chipId) {
    throw new Rejection(
      'identity-bound-elsewhere',
      `${name} logged in from unit ${proven} first, not from ${chipId}`,
    );
  }
  const isOthers = device.leasedTo !== station && device.leasedTo !== HELD_BACK;
  if (device.state === 'leased' && isOthers) {
    throw new Rejection(
      'identity-leased-elsewhere',
      `${name} was leased to ${device.leasedTo}, not to ${station}`,
    );
  }
  if (device.state === 'quarantined') {
    const why =
      device.quarantinedBy === null ? 'it is in quarantine' : whyQuarantined(store, device.quarantinedBy);
    throw new Rejection('identity-quarantined', `${name} may not be used: ${why}`);
  }
  const live = isUnique ? null : store.devices.liveOnChip(chipId);
  if (live !== null && live.id !== device.id) {
    throw new Rejection(
      'chip-holds-another',
      `unit ${chipId} already holds ${live.productId}/${live.deviceName}; retire that before it becomes ${name}`,
    );
  }
  return { deviceId: device.id, chipId, serialNumber };
}
