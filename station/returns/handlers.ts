import type { SectionHandlers } from '#shared/contract/index.ts';
import { approverCredentialsOf } from '../core/approval/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { UnitPlace } from './return-request.ts';
import type { Returns } from './returns.ts';

export function returnHandlers({ returns }: { readonly returns: Returns }): SectionHandlers<'returns'> {
  return {
    'returns.pendingCases': () => ({ units: returns.pendingCases() }),
    'returns.read': (place, { signal }) => returns.read(placeOf(place), signal),
    'returns.find': ({ text }, { signal }) => returns.find(text, signal),
    'returns.act': (request, { by, session, signal }) =>
      returns.act({ ...approverCredentialsOf(request, session), slot: placeOf(request) }, by, signal),
    'returns.flash': (request, { by, session, signal }) =>
      returns.flash(approverCredentialsOf(request, session), by, signal),
    'returns.writeOff': (request, { by, session, signal }) =>
      returns.writeOff(approverCredentialsOf(request, session), by, signal),
    'returns.unbind': (request, { by, session, signal }) =>
      returns.unbind(approverCredentialsOf(request, session), by, signal),
  };
}

/** Faults: `bad-input`, which the contract excludes. */
function placeOf({
  slot,
  address,
}: {
  readonly slot?: number | undefined;
  readonly address?: string | undefined;
}): UnitPlace {
  const place = slot ?? (address === undefined ? undefined : { address });
  if (place === undefined) throw new Fault('bad-input', 'the place of the unit is missing');
  return place;
}
