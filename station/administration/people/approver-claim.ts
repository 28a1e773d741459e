import type { Session } from '#shared/rpc/index.ts';
import type { ApproverClaim } from './approval.ts';

/** Makes the approver's claim of a call of a page: its session is where the PIN is entered. */
export function approverClaimOf<T extends { readonly approverPin?: string | undefined }>(
  { approverPin, ...order }: T,
  session: Session,
): Omit<T, 'approverPin'> & Pick<ApproverClaim, 'approverPin' | 'attemptSource'> {
  return {
    ...order,
    attemptSource: session,
    approverPin: approverPin === undefined ? undefined : () => Promise.resolve(approverPin),
  };
}
