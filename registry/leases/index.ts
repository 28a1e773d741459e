/** This module is for promising triples to stations: no triple to two of them, no promise lost with a reply. */
export { returnLease } from './return-lease.ts';
export { takeLease } from './take-lease.ts';
