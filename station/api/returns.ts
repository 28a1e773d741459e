import type { ApiParts, Section } from './parts.ts';

export function returnHandlers({ returns }: ApiParts): Section<'returns'> {
  return {
    'returns.waiting': () => ({ units: returns.waiting() }),
    'returns.read': ({ slot }, { signal }) => returns.read(slot, signal),
    'returns.find': ({ text }, { signal }) => returns.find(text, signal),
    'returns.act': (order, { session, signal }) =>
      returns.act({ ...order, person: session.user, role: session.role }, signal),
    'returns.writeOff': (order, { session, signal }) =>
      returns.writeOff({ ...order, person: session.user, role: session.role }, signal),
  };
}
