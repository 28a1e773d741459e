/** The returns desk: who is this unit, what happened to it, what may it become. */
export {
  createReturns,
  type ReturnOrder,
  type Returns,
  type ReturnsParts,
  type WriteOffOrder,
} from './returns.ts';
export type { WrittenOff } from './write-off.ts';
export { returnHandlers } from './handlers.ts';
