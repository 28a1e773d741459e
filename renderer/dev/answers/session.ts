import type { UserView } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Answers } from '../mock-station.ts';

/** The PIN of everyone is 246800, except Maria's, which is old and too short. */
const PIN = '246800';
const SHORT_PIN = '2468';
const MAX_WRONG = 5;

export const USERS: UserView[] = [
  { name: '陈静', role: 'engineer' },
  { name: 'Maria Keller', role: 'engineer' },
  { name: '李伟', role: 'support' },
  { name: 'Ana', role: 'support' },
  { name: '王芳', role: 'operator' },
];

export const sessionAnswers: Answers = {
  'session.users': { users: USERS, samplePins: [], canResetPin: false },
  'session.signIn': ({ name, pin, newPin }, { station }) => {
    const user = userOf(name);
    const isShort = name === 'Maria Keller';
    if (user === undefined || pin !== (isShort ? SHORT_PIN : PIN))
      throw wrongPin(name, station.inputsOf('session.signIn').length);
    if (isShort && newPin === undefined)
      throw new Fault('pin-short', `the PIN of ${name} is too short by now`, { details: { minLength: 6 } });
    station.session.change({ role: user.role, user: user.name });
    return station.state('session');
  },
  'session.signOut': (_, { station }) => {
    station.session.change(station.session.initial);
    return station.state('session');
  },
};

function userOf(name: string): UserView | undefined {
  return USERS.find((one) => one.name === name);
}

function wrongPin(name: string, attempts: number): Fault {
  if (attempts > MAX_WRONG)
    return new Fault('pin-locked', `too many wrong PINs for ${name}`, { details: { seconds: 30 } });
  return new Fault('pin-wrong', 'name and PIN do not belong together', {
    hint: 'Try again.',
    details: attempts === MAX_WRONG ? { seconds: 30 } : { attemptsLeft: MAX_WRONG - attempts },
  });
}

/** Faults: `approver-refused`, `pin-wrong`. */
export function requireApproval(approver: string, pin: string | undefined, user: string): void {
  const role = userOf(approver)?.role ?? 'operator';
  if (role === 'operator' || approver === user || pin === undefined)
    throw new Fault('approver-refused', `${approver} cannot approve this`, { details: { approver } });
  if (pin !== PIN) throw new Fault('pin-wrong', `that is not the PIN of ${approver}`);
}
