/** What the steps of one run share: the unit, its device session, its variables, its questions. */
export type { Prompt, PromptAsked } from './prompt.ts';
export {
  type ClaimedFacts,
  noteClaimed,
  noteUnit,
  noteWhereabouts,
  type UnitFacts,
  type Whereabouts,
} from './replay-facts.ts';
export type { Measured, RunContext, UnitOnSlot } from './run-context.ts';
export { RunBle } from './run-ble.ts';
export { type FilledLimits, RunScope } from './run-scope.ts';
