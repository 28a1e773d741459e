/** The context that the steps of one run share: unit, device session, variables, prompts. */
export { concealSecretOfChip, concealSecretOfSerial, protectSecretOf } from './conceal-bound.ts';
export type { Photo, PhotoRequest, Prompt, PromptRequest } from './prompt.ts';
export {
  type ClaimedFacts,
  recordClaimedTriple,
  recordUnitFacts,
  recordLedgerPlace,
  type UnitFacts,
  type LedgerPlace,
} from './record-ledger-facts.ts';
export { type AskPhoto, type GivenFile, RunAttachments, tooLarge } from './run-attachments.ts';
export type { Measurement, RunContext, UnitOnSlot } from './run-context.ts';
export { selectionOf } from './identify-over-ble.ts';
export { RunBle } from './run-ble.ts';
export { RunLlsync } from './run-llsync.ts';
export { RunInstruments } from './run-instruments.ts';
export { type FilledLimits, RunScope } from './run-scope.ts';
export { withTake } from './with-take.ts';
