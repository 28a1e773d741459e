/** The identity of a unit in its flash: how it is written with the faults of a write, and what the unit shows of it. */
export { blockCheck } from './checksum.ts';
export { FieldMemory } from './field-memory.ts';
export type { FieldLimits, Fields, Written } from './field-memory.ts';
export { proofOf } from './proof.ts';
export type { ProofKind } from './proof.ts';
export { storeIdentity } from './store-identity.ts';
