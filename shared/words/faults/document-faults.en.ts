import type { FaultDictionary } from './fault-dictionary.ts';

/** Faults of closed batches, balances and certificates. */
export const documentFaultsEn: Pick<
  FaultDictionary,
  'batch-closed' | 'batch-unbalanced' | 'certificate-refused'
> = {
  'batch-closed': {
    message: 'This batch is closed.',
    action: 'Press F2 and choose another batch, or make a new one.',
  },
  'batch-unbalanced': {
    message: 'The identities of this batch do not add up, so it cannot be closed.',
    action: 'The balance lists each open identity with what to do. Settle them, then close the batch.',
    more: '{reason}',
  },
  'certificate-refused': {
    message: 'There is no certificate for this unit.',
    action: 'It needs a unit whose latest run has passed and that still has the identity of that run.',
    more: 'Reason: {reason}.',
  },
};
