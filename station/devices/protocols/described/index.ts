/** Devices without a protocol of ours: the recipe describes how they are identified; they take no triple. */
export { openDescribed } from './described.ts';
