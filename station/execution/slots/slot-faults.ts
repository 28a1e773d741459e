import { Fault } from '#shared/domain/fault.ts';

/**
 * Reason of a stop at a page.
 *
 * @param user the name of the signed-in user; `operator` without one
 */
export function stoppedBy(user: string): Fault {
  const who = user === 'operator' ? 'the operator' : user;
  return new Fault('cancelled', `stopped by ${who}`, {
    hint: 'Start the unit again when ready.',
    details: { by: user },
  });
}

/** The next unit waits for the label of the one on the slot. */
export function labelPending(slot: number): Fault {
  return new Fault('label-pending', `the unit on slot ${slot} has not got its label`, {
    hint: 'Answer what the slot asks about the label.',
    details: { slot },
  });
}

/** A person must look at the result on the slot first. */
export function unacknowledged(slot: number): Fault {
  return new Fault('slot-unacknowledged', `the result on slot ${slot} was not acknowledged`, {
    hint: 'Look at it, then press Space or scan #GW#ACK#.',
    details: { slot },
  });
}

/** The returns desk and a slot, or the desk twice (`null`), have one unit. */
export function deskBusy(chipId: string, slot: number | null): Fault {
  const where = slot === null ? 'at the returns desk' : `at the returns desk and on slot ${slot}`;
  return new Fault('slot-busy', `unit ${chipId} is in work ${where}`, {
    hint: 'Wait until the other work is done, then try again.',
    details: { chipId, ...(slot === null ? {} : { slot }) },
  });
}
