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
    'session.current': (_, { sessionRef }) => access.view(sessionRef),
    'session.people': () => ({ people: access.people(), samplePins: samplePeople.pins() }),
    'session.signIn': ({ name, pin, newPin }, { sessionRef, signal }) =>
      access.signIn(sessionRef, name, pin, signal, newPin),
    'session.signOut': (_, { sessionRef }) => access.signOut(sessionRef),
  };
}
