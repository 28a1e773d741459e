/** Users and their roles: PINs, sign-in and sign-out, approval by a second person, sign-out after idle time. */
export { Access } from './access.ts';
export { createLockOut } from './lock-out.ts';
export { createSampleUsers, SAMPLE_USERS, type SampleUsers } from './sample-users.ts';
export { hashPin, verifyPin } from './pin.ts';
export { proveApprover } from './approval.ts';
export { sessionHandlers, userHandlers } from './handlers.ts';
