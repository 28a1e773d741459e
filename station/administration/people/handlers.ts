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
    'session.current': (_, { seat }) => access.view(seat),
    'session.people': () => ({ people: access.people(), samplePins: samplePeople.pins() }),
    'session.signIn': ({ name, pin, newPin }, { seat, signal }) =>
      access.signIn(seat, name, pin, signal, newPin),
    'session.signOut': (_, { seat }) => access.signOut(seat),
  };
}
