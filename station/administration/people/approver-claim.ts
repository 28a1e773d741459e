import type { SessionRef } from '#shared/rpc/index.ts';
import type { ApproverClaim } from './approval.ts';

/** What a page says of the second person, as the core asks for it. */
export function approverClaimOf<T extends { readonly approverPin?: string | undefined }>(
  { approverPin, ...order }: T,
  sessionRef: SessionRef,
): Omit<T, 'approverPin'> & Pick<ApproverClaim, 'approverPin' | 'attemptSource'> {
  return {
    ...order,
    attemptSource: sessionRef,
    approverPin: approverPin === undefined ? undefined : () => Promise.resolve(approverPin),
  };
}
