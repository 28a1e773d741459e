import { Fault } from '#shared/domain/fault.ts';

/** Why a run was stopped at a page. `user` is who is signed in there: `operator` where nobody is. */
export function stoppedBy(user: string): Fault {
  const who = user === 'operator' ? 'the operator' : user;
  return new Fault('cancelled', `stopped by ${who}`, {
    hint: 'Start the unit again when ready.',
    details: { by: user },
  });
}
