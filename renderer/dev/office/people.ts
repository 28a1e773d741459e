import type { PersonView, StationContract } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Handlers, Session } from '#shared/rpc/index.ts';

/** Everybody's PIN here is 246800; Maria's is still from before, 2468. */
export const PEOPLE: readonly PersonView[] = [
  { name: '陈静', role: 'engineer' },
  { name: 'Maria Keller', role: 'engineer' },
  { name: '李伟', role: 'support' },
  { name: 'Ana', role: 'support' },
  { name: '王芳', role: 'operator' },
];
const PIN = '246800';
const SHORT_PIN = '2468';
const newPins = (): Map<string, string> =>
  new Map(PEOPLE.map(({ name }) => [name, name === 'Maria Keller' ? SHORT_PIN : PIN]));
const MOST_WRONG = 5;
const LOCKED_S = 30;

/** The people of a sample line, as `station/administration/people/sample-people.ts` has them. */
const SAMPLE: readonly (PersonView & { readonly pin: string })[] = [
  { name: 'sample-engineer', role: 'engineer', pin: PIN },
  { name: 'sample-operator', role: 'operator', pin: '1111' },
  { name: 'sample-support', role: 'support', pin: '222222' },
];

export type Staff = 'people' | 'nobody' | 'sample';

export function peopleHandlers(session: Session, staff: Staff): Partial<Handlers<StationContract>> {
  let wrong = 0;
  const pins = newPins();
  const view = (): { role: PersonView['role']; user: string; signedIn: boolean } => ({
    ...session.current,
    signedIn: session.current !== session.initial,
  });
  return {
    'session.current': view,
    'session.people': () => ({
      people:
        staff === 'sample'
          ? SAMPLE.map(({ name, role }) => ({ name, role }))
          : [...(staff === 'people' ? PEOPLE : [])],
      samplePins: staff === 'sample' ? SAMPLE.map(({ name, pin }) => ({ name, pin })) : [],
    }),
    'session.signIn': ({ name, pin, newPin }) => {
      const person = PEOPLE.find((one) => one.name === name);
      if (wrong >= MOST_WRONG) {
        throw new Fault('pin-locked', `too many wrong PINs for ${name}`, { details: { seconds: LOCKED_S } });
      }
      if (person === undefined || pin !== pins.get(name)) {
        wrong += 1;
        throw new Fault('pin-wrong', 'name and PIN do not belong together', { hint: 'Try again.' });
      }
      wrong = 0;
      if (pin === SHORT_PIN && newPin === undefined)
        throw new Fault('pin-short', `the PIN of ${name} is too short by now`, { details: { least: 6 } });
      if (newPin !== undefined) pins.set(name, newPin);
      session.change({ role: person.role, user: person.name });
      return view();
    },
    'session.signOut': () => {
      session.change(session.initial);
      return view();
    },
  };
}

/** The second person's word, as the station takes it. */
export function approvedHere(approver: string, pin: string | undefined, by: string): void {
  const person = PEOPLE.find(({ name }) => name === approver);
  if (person === undefined || person.role === 'operator' || approver === by || pin === undefined)
    throw new Fault('approver-refused', `${approver} cannot approve this`, { details: { approver } });
  if (pin !== newPins().get(approver)) throw new Fault('pin-wrong', `that is not the PIN of ${approver}`);
}
