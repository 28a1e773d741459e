import type { SectionHandlers } from '#shared/contract/index.ts';
import { approverClaimOf } from '../administration/people/index.ts';
import type { Returns } from './returns.ts';

export function returnHandlers({ returns }: { readonly returns: Returns }): SectionHandlers<'returns'> {
  return {
    'returns.pendingCases': () => ({ units: returns.pendingCases() }),
    'returns.read': ({ slot }, { signal }) => returns.read(slot, signal),
    'returns.find': ({ text }, { signal }) => returns.find(text, signal),
    'returns.act': (request, { session, sessionRef, signal }) =>
      returns.act(approverClaimOf(request, sessionRef), session, signal),
    'returns.writeOff': (request, { session, sessionRef, signal }) =>
      returns.writeOff(approverClaimOf(request, sessionRef), session, signal),
  };
}
