/** Applies the events of stations; an event that is sent again has no further effect. */
export { acceptLoginProof } from './accept-login-proof.ts';
export { applyEvents, type AppliedEvents } from './apply-events.ts';
