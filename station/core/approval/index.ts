/** Approval of a decision by a second person: its claim, its reason, and how it is recorded. */
export {
  type Approval,
  type Approve,
  type ApproverClaim,
  approverClaimOf,
  type AttemptSource,
  type Justification,
  requireReason,
} from './approval.ts';
