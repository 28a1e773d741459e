/** This module is for promising triples to stations: no triple to two of them, no promise lost with a reply. */
export type { Decision } from './decision.ts';
export { HELD_BACK, type HeldBack, holdBack, lastRestoredMs } from './hold-back.ts';
export { quarantineLease, restoreLease, whyQuarantined } from './quarantine-lease.ts';
export { returnLease } from './return-lease.ts';
export { takeLease } from './take-lease.ts';
