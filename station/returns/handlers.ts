import { claimOf } from '../administration/people/approver-claim.ts';
import type { ApiParts, Section } from '../handler-parts.ts';

export function returnHandlers({ returns }: ApiParts): Section<'returns'> {
  return {
    'returns.waiting': () => ({ units: returns.waiting() }),
    'returns.read': ({ slot }, { signal }) => returns.read(slot, signal),
    'returns.find': ({ text }, { signal }) => returns.find(text, signal),
    'returns.act': (order, { session, seat, signal }) =>
      returns.act({ ...claimOf(order, seat), person: session.user, role: session.role }, signal),
    'returns.writeOff': (order, { session, seat, signal }) =>
      returns.writeOff({ ...claimOf(order, seat), person: session.user, role: session.role }, signal),
  };
}
