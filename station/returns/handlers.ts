import type { SectionHandlers } from '#shared/contract/index.ts';
import { claimOf } from '../administration/people/index.ts';
import type { Returns } from './returns.ts';

export function returnHandlers({ returns }: { readonly returns: Returns }): SectionHandlers<'returns'> {
  return {
    'returns.pendingCases': () => ({ units: returns.pendingCases() }),
    'returns.read': ({ slot }, { signal }) => returns.read(slot, signal),
    'returns.find': ({ text }, { signal }) => returns.find(text, signal),
    'returns.act': (request, { session, seat, signal }) =>
      returns.act(claimOf(request, seat), session, signal),
    'returns.writeOff': (request, { session, seat, signal }) =>
      returns.writeOff(claimOf(request, seat), session, signal),
  };
}
