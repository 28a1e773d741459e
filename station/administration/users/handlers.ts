import type { SectionHandlers } from '#shared/contract/index.ts';
import type { Access } from './access.ts';
import type { SampleUsers } from './sample-users.ts';

export function sessionHandlers({
  access,
  sampleUsers,
}: {
  readonly access: Access;
  readonly sampleUsers: SampleUsers;
}): SectionHandlers<'session'> {
  return {
    'session.current': (_, { session }) => access.view(session),
    'session.users': (_, { session }) => ({
      users: access.users(),
      samplePins: sampleUsers.pins(),
      canResetPin: access.canResetPin(session),
    }),
    'session.signIn': ({ name, pin, newPin }, { session, signal }) =>
      access.signIn(session, name, pin, signal, newPin),
    'session.signInByBadge': ({ code }, { session, signal }) => access.signInByBadge(session, code, signal),
    'session.beginPinReset': ({ name }, { session }) => access.beginPinReset(session, name),
    'session.resetPin': ({ code, newPin }, { session }) => access.resetPin(session, code, newPin),
    'session.signOut': (_, { session }) => access.signOut(session),
  };
}

export function userHandlers({ access }: { readonly access: Access }): SectionHandlers<'users'> {
  const { accounts } = access;
  return {
    'users.list': () => ({ users: access.listAccounts() }),
    'users.add': async ({ name, role, pin }, { by }) =>
      access.account((await access.add(name, role, pin, by)).name),
    'users.setRole': ({ name, role }, { by, session }) =>
      access.account(accounts.setRole(name, role, by, session).name),
    'users.setPin': async ({ name, pin }, { by, session }) =>
      access.account((await access.setPin(name, pin, by, session)).name),
    'users.setEnabled': ({ name, enabled }, { by, session }) =>
      access.account(accounts.setEnabled(name, enabled, by, session).name),
    'users.setBadge': async ({ name, code }, { by, session }) =>
      access.account((await accounts.setBadge(name, code, by, session)).name),
  };
}
