import type { FaultDictionary } from './fault-dictionary.ts';

/** Faults of updates of firmware over the network, and of quotas. */
export const otaFaultsEn: Pick<
  FaultDictionary,
  'ota-failed' | 'ota-timeout' | 'ota-firmware-missing' | 'quota-exceeded'
> = {
  'quota-exceeded': {
    message: 'The Bluetooth quota of this product is not enough.',
    action:
      'Have it extended, or delete units in the back office; then change it under Station, Bluetooth quota.',
    more: '{product}: {planned} {planned|unit|units} planned, {left} left of {limit}.',
  },
  'ota-failed': {
    message: 'The unit could not install the update.',
    action: 'Test it again. If the next unit fails too, call the engineer.',
    more: 'Version {version}: {meaning}.',
  },
  'ota-timeout': {
    message: 'The update did not end in time.',
    action: 'Check that the network is fast enough, then test the unit again.',
    more: 'Version {version}; last seen: {stage}.',
  },
  'ota-firmware-missing': {
    message: 'The registry does not offer this firmware to units.',
    action: 'Ask the engineer to upload it and to put it online, on the page Firmware.',
    more: 'Version {version}',
  },
};
