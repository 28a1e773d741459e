/** This module is for hearing stations out: every event applied once in effect, however often it is sent. */
export { takeLoginProof } from './take-login-proof.ts';
export { takeEvents, type TakenEvents } from './take-events.ts';
