import type { SectionHandlers } from '#shared/contract/index.ts';
import { approverCredentialsOf } from '../core/approval/index.ts';
import type { Returns } from './returns.ts';

export function returnHandlers({ returns }: { readonly returns: Returns }): SectionHandlers<'returns'> {
  return {
    'returns.pendingCases': () => ({ units: returns.pendingCases() }),
    'returns.read': ({ slot }, { signal }) => returns.read(slot, signal),
    'returns.find': ({ text }, { signal }) => returns.find(text, signal),
    'returns.act': (request, { by, session, signal }) =>
      returns.act(approverCredentialsOf(request, session), by, signal),
    'returns.flash': (request, { by, session, signal }) =>
      returns.flash(approverCredentialsOf(request, session), by, signal),
    'returns.writeOff': (request, { by, session, signal }) =>
      returns.writeOff(approverCredentialsOf(request, session), by, signal),
    'returns.unbind': (request, { by, session, signal }) =>
      returns.unbind(approverCredentialsOf(request, session), by, signal),
  };
}
