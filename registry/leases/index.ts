/** This module is for promising triples to stations: no triple to two of them, no promise lost with a reply. */
export type { Decision } from './decision.ts';
export { HELD_BACK, type Withheld, withholdUnleased, lastRestoredAtMs } from './withhold-unleased.ts';
export { quarantineLease, restoreLease, quarantineReason } from './quarantine-lease.ts';
export { returnLease } from './return-lease.ts';
export { grantLease } from './grant-lease.ts';
