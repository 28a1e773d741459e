/** Leases of triples: a triple is leased to one station, and a lost reply is repeated. */
export { type Decision, requireDecision } from './quarantine-lease.ts';
export { type Withheld, withholdUnleased, lastRestoredAtMs } from './withhold-unleased.ts';
export { quarantineLease, restoreLease, quarantineReason } from './quarantine-lease.ts';
export { returnLease } from './return-lease.ts';
export { grantLease } from './grant-lease.ts';
