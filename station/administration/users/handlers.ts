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
    'session.users': () => ({ users: access.users(), samplePins: sampleUsers.pins() }),
    'session.signIn': ({ name, pin, newPin }, { session, signal }) =>
      access.signIn(session, name, pin, signal, newPin),
    'session.signOut': (_, { session }) => access.signOut(session),
  };
}
