import type { FaultDictionary } from './fault-dictionary.ts';

/** Faults of giving a unit a network and a provisioning token. */
export const provisioningFaultsEn: Pick<
  FaultDictionary,
  'provisioning-timeout' | 'provisioning-refused' | 'network-unknown' | 'device-bound'
> = {
  'provisioning-timeout': {
    message: 'Provisioning did not end in time.',
    action: 'Check that the Wi-Fi network of the station is on and near, then test the unit again.',
  },
  'provisioning-refused': {
    message: 'The unit did not accept the network or its provisioning token.',
    action:
      'Test it again. If the next unit fails too, call the engineer: the network may have another password.',
    more: 'It says: {meaning}.',
  },
  'network-unknown': {
    message: 'This station has no Wi-Fi network of that name.',
    action: 'Ask the engineer to add it under Station, Wi-Fi networks.',
    more: 'Network {network}',
  },
  'device-bound': {
    message: 'The unit is bound to an owner.',
    action: 'Take it to support: it is released on the page “Returns”.',
    more: 'Bound to {owner}',
  },
};
