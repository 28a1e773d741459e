/** The checks of `gongwei doctor`. */
export { doctorHandlers } from './handlers.ts';
export type { Check } from './check.ts';
export { examine } from './examine.ts';
export { reachRegistry } from './reach-registry.ts';
