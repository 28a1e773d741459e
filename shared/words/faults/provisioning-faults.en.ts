import type { FaultDictionary } from './fault-dictionary.ts';

/** Faults of the provisioning of units. */
export const provisioningFaultsEn: Pick<FaultDictionary, 'network-unknown'> = {
  'network-unknown': {
    message: 'This station has no Wi-Fi network of that name.',
    action: 'Ask the engineer to add it under Station, Wi-Fi networks.',
    more: 'Network {network}',
  },
};
