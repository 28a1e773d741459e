/** The checks of `gongwei doctor`. */
export type { Check } from './check.ts';
export { examine } from './examine.ts';
export { reachRegistry } from './reach-registry.ts';
