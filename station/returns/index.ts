/** The returns desk: who is this unit, what happened to it, what may it become. */
export {
  createReturns,
  type ReturnRequest,
  type Returns,
  type ReturnsParts,
  type WriteOffRequest,
} from './returns.ts';
export type { WrittenOff } from './write-off.ts';
export { returnHandlers } from './handlers.ts';
