/** Who may sit at this station as what: people, their PINs, signing in and out, a second person's word, and going back to the operator when nobody is there. */
export { createAccess, type Access, type AccessParts, type Approve } from './access.ts';
export { createLockOut } from './lock-out.ts';
export { createSamplePeople, SAMPLE_PEOPLE, type SamplePeople } from './sample-people.ts';
export { hashPin, verifyPin } from './pin.ts';
export { type Approval, type ApproverClaim, proveApprover } from './approval.ts';
export { sessionHandlers } from './handlers.ts';
export { approverClaimOf } from './approver-claim.ts';
