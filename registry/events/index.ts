/** This module is for hearing stations out: every event applied once in effect, however often it is sent. */
export { acceptLoginProof } from './accept-login-proof.ts';
export { applyEvents, type AppliedEvents } from './apply-events.ts';
