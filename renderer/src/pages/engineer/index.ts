/** For whoever prepares the line and finds out why yield fell: batches with their reports, and firmware. */
export { BatchesPlace } from './batches/index.ts';
export { FirmwarePage } from './firmware/index.ts';
