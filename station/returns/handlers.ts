import type { SectionHandlers } from '#shared/contract/index.ts';
import { approverClaimOf } from '../administration/people/index.ts';
import type { Returns } from './returns.ts';

export function returnHandlers({ returns }: { readonly returns: Returns }): SectionHandlers<'returns'> {
  return {
    'returns.pendingCases': () => ({ units: returns.pendingCases() }),
    'returns.read': ({ slot }, { signal }) => returns.read(slot, signal),
    'returns.find': ({ text }, { signal }) => returns.find(text, signal),
    'returns.act': (request, { by, session, signal }) =>
      returns.act(approverClaimOf(request, session), by, signal),
    'returns.writeOff': (request, { by, session, signal }) =>
      returns.writeOff(approverClaimOf(request, session), by, signal),
  };
}
