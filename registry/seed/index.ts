/** This module is for filling pools: new triples, or those of a list, into the registry of a data directory. */
export { makeDataDir, openData, openRegistryStore, type RegistryStore } from './registry-store.ts';
export type { SeedRequest, SeedResult } from './seed-product.ts';
