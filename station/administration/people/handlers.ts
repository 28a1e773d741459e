import type { SectionHandlers } from '#shared/contract/index.ts';
import type { Access } from './access.ts';
import type { SamplePeople } from './sample-people.ts';

export function sessionHandlers({
  access,
  samplePeople,
}: {
  readonly access: Access;
  readonly samplePeople: SamplePeople;
}): SectionHandlers<'session'> {
  return {
    'session.current': (_, { session }) => access.view(session),
    'session.people': () => ({ people: access.people(), samplePins: samplePeople.pins() }),
    'session.signIn': ({ name, pin, newPin }, { session, signal }) =>
      access.signIn(session, name, pin, signal, newPin),
    'session.signOut': (_, { session }) => access.signOut(session),
  };
}
