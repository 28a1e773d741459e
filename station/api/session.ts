import type { ApiParts, Section } from './parts.ts';

export function sessionHandlers({ access }: ApiParts): Section<'session'> {
  return {
    'session.current': (_, { seat }) => access.view(seat),
    'session.people': () => ({ people: access.people() }),
    'session.signIn': ({ name, pin, newPin }, { seat, signal }) =>
      access.signIn(seat, name, pin, signal, newPin),
    'session.signOut': (_, { seat }) => access.signOut(seat),
  };
}
