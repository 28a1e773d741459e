import type { SectionHandlers } from '#shared/contract/index.ts';
import { approverClaimOf } from '../administration/people/index.ts';
import type { Returns } from './returns.ts';

export function returnHandlers({ returns }: { readonly returns: Returns }): SectionHandlers<'returns'> {
  return {
    'returns.pendingCases': () => ({ units: returns.pendingCases() }),
    'returns.read': ({ slot }, { signal }) => returns.read(slot, signal),
    'returns.find': ({ text }, { signal }) => returns.find(text, signal),
    'returns.act': (order, { session, sessionRef, signal }) =>
      returns.act(
        { ...approverClaimOf(order, sessionRef), person: session.user, role: session.role },
        signal,
      ),
    'returns.writeOff': (order, { session, sessionRef, signal }) =>
      returns.writeOff(
        { ...approverClaimOf(order, sessionRef), person: session.user, role: session.role },
        signal,
      ),
  };
}
