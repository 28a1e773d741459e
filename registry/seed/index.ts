/** Opens the data of a registry, and adds triples to its pools: new ones, or those of a list. */
export { makeDataDir, openData, openRegistryStore, type RegistryStore } from './registry-store.ts';
export type { SeedRequest, SeedResult } from './seed-product.ts';
