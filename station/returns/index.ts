/** The returns desk: who is this unit, what happened to it, what may it become. */
export { createReturns, type ReturnOrder, type Returns, type ReturnsParts } from './returns.ts';
export type { WriteOffOrder, WrittenOff } from './write-off.ts';
