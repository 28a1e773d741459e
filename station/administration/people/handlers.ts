import type { ApiParts, Section } from '../../handler-parts.ts';

export function sessionHandlers({ access, samplePeople }: ApiParts): Section<'session'> {
  return {
    'session.current': (_, { seat }) => access.view(seat),
    'session.people': () => ({ people: access.people(), samplePins: samplePeople.pins() }),
    'session.signIn': ({ name, pin, newPin }, { seat, signal }) =>
      access.signIn(seat, name, pin, signal, newPin),
    'session.signOut': (_, { seat }) => access.signOut(seat),
  };
}
