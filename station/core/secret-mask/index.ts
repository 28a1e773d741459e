/** Hides the secrets of one run in everything that leaves it: log, recording, text of the unit, faults, script output. */
export { type ByteMasker, createByteMasker } from './byte-masker.ts';
export { maskLog } from './mask-log.ts';
export type { ByteRange, Decision, ReceivedGuard } from './received-guard.ts';
export {
  type HoldChange,
  type IsKept,
  MASK,
  MIN_REVEALING_LENGTH,
  SecretMask,
  type TextMasker,
} from './secret-mask.ts';
