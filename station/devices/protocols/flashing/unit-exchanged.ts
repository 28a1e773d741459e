import { Fault } from '#shared/domain/fault.ts';

/**
 * Another unit is on the port than the one that the work began with. What was proven in the one is not in the other.
 *
 * @param chipId that of the unit that the work is for
 */
export function unitExchanged(chipId: string, found: string): Fault {
  return new Fault('identity-conflict', `the work began with unit ${chipId}, but ${found} is there now`, {
    hint: 'Do not exchange units during a run. Start both again.',
    details: { because: 'unit-exchanged', chipId, found },
  });
}
