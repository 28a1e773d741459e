/** Adds triples to the pools of products: new ones, or those of a list. */
export { insertDevice } from './insert-device.ts';
export { seedProduct, type SeedRequest, type SeedResult } from './seed-product.ts';
