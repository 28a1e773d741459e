import type { SectionHandlers } from '#shared/contract/index.ts';
import { claimOf } from '../administration/people/index.ts';
import type { Returns } from './returns.ts';

export function returnHandlers({ returns }: { readonly returns: Returns }): SectionHandlers<'returns'> {
  return {
    'returns.pendingCases': () => ({ units: returns.pendingCases() }),
    'returns.read': ({ slot }, { signal }) => returns.read(slot, signal),
    'returns.find': ({ text }, { signal }) => returns.find(text, signal),
    'returns.act': (order, { session, seat, signal }) =>
      returns.act({ ...claimOf(order, seat), person: session.user, role: session.role }, signal),
    'returns.writeOff': (order, { session, seat, signal }) =>
      returns.writeOff({ ...claimOf(order, seat), person: session.user, role: session.role }, signal),
  };
}
