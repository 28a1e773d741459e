import type { FaultDictionary } from './fault-dictionary.ts';

/** Faults of provisioning: network, token and owner of a unit. */
export const provisioningFaultsEn: Pick<
  FaultDictionary,
  'provisioning-timeout' | 'provisioning-refused' | 'device-bound'
> = {
  'provisioning-timeout': {
    message: 'The unit did not come online with its token.',
    action:
      'Check that the unit was in provisioning mode and the test network is there, then test again. If it stays so, put it with the bad units.',
  },
  'provisioning-refused': {
    message: 'The unit refused to be provisioned.',
    action: 'Test again. If it stays so, put it with the bad units.',
  },
  'device-bound': {
    message: 'The unit is bound to an owner.',
    action: 'Take it to support: it is released on the page “Returns”.',
    more: 'Bound to {owner}',
  },
};
