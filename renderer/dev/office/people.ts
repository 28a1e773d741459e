import type { PersonView, StationContract } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Handlers, SessionRef } from '#shared/rpc/index.ts';

/** Everybody's PIN here is 2468. */
export const PEOPLE: readonly PersonView[] = [
  { name: '陈静', role: 'engineer' },
  { name: 'Maria Keller', role: 'engineer' },
  { name: '李伟', role: 'support' },
  { name: 'Ana', role: 'support' },
  { name: '王芳', role: 'operator' },
];
const PIN = '2468';
const MOST_WRONG = 5;
const LOCKED_S = 30;

export function peopleHandlers(seat: SessionRef, nobody: boolean): Partial<Handlers<StationContract>> {
  let wrong = 0;
  const view = (): { role: PersonView['role']; user: string; signedIn: boolean } => ({
    ...seat.current,
    signedIn: seat.current !== seat.initial,
  });
  return {
    'session.current': view,
    'session.people': () => ({ people: nobody ? [] : [...PEOPLE] }),
    'session.signIn': ({ name, pin }) => {
      const person = PEOPLE.find((one) => one.name === name);
      if (wrong >= MOST_WRONG) {
        throw new Fault('pin-locked', `too many wrong PINs for ${name}`, { details: { seconds: LOCKED_S } });
      }
      if (person === undefined || pin !== PIN) {
        wrong += 1;
        throw new Fault('pin-wrong', 'name and PIN do not belong together', { hint: 'Try again.' });
      }
      wrong = 0;
      seat.change({ role: person.role, user: person.name });
      return view();
    },
    'session.signOut': () => {
      seat.change(seat.initial);
      return view();
    },
  };
}
