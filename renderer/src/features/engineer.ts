/** For whoever prepares the line and finds out why yield fell: batches with their reports, triples, and firmware. */
export { BatchesPlace } from './batches/index.ts';
export { FirmwarePage } from './firmware/index.ts';
export { PoolPage } from './triple-pool/index.ts';
