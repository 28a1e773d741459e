/** Returned units: who a unit is, what happened to it, and which identity it gets. */
export { createReturns, type Returns, type ReturnsOptions } from './returns.ts';
export type { ReturnRequest, WriteOffRequest } from './return-request.ts';
export type { WrittenOff } from './write-off.ts';
export { nearbyHandlers } from './nearby/index.ts';
export { returnHandlers } from './handlers.ts';
export { findUnitReport } from './find-unit-report.ts';
export { pendingCases } from './pending-cases.ts';
