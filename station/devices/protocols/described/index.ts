/** Devices that have no protocol of ours: the recipe describes how they say who they are; they take no triple. */
export { openDescribed } from './described.ts';
