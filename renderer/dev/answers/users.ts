import type { UserAccount } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Answers } from '../mock-station.ts';
import { USERS } from './session.ts';

const HOUR_MS = 3_600_000;

/** The accounts of the users, which the calls change. */
export function userAnswers(nowMs: number): Answers {
  let accounts: UserAccount[] = USERS.map(({ name, role }, at) => ({
    name,
    role,
    enabled: at !== 3,
    hasBadge: at % 2 === 0,
    lastSignInAtMs: at === 4 ? null : nowMs - (at + 1) * HOUR_MS,
    pinResetAtMs: at === 1 ? nowMs - 30 * HOUR_MS : null,
    signedIn: at === 0 ? [{ place: 'browser', sinceMs: nowMs - HOUR_MS / 2 }] : [],
  }));
  const change = (name: string, changes: Partial<UserAccount>): UserAccount => {
    const before = accounts.find((one) => one.name === name);
    if (before === undefined) throw new Fault('not-found', `there is no user ${name}`);
    const after = { ...before, ...changes };
    const engineers = accounts.filter(({ role, enabled }) => role === 'engineer' && enabled);
    const isLoss = before.role === 'engineer' && (after.role !== 'engineer' || !after.enabled);
    if (isLoss && engineers.length === 1 && engineers[0] === before)
      throw new Fault('last-engineer', `${name} is the last engineer who can sign in`);
    accounts = accounts.map((one) => (one === before ? after : one));
    return after;
  };
  return {
    'users.list': () => ({ users: accounts }),
    'users.add': ({ name, role }) => {
      const added: UserAccount = {
        name,
        role,
        enabled: true,
        hasBadge: false,
        lastSignInAtMs: null,
        pinResetAtMs: null,
        signedIn: [],
      };
      accounts = [...accounts, added];
      return added;
    },
    'users.setRole': ({ name, role }) => change(name, { role }),
    'users.setPin': ({ name }) => change(name, {}),
    'users.setEnabled': ({ name, enabled }) => change(name, { enabled, signedIn: [] }),
    'users.setBadge': ({ name, code }) => change(name, { hasBadge: code !== null }),
  };
}
