/** The context that the steps of one run share: unit, device session, variables, prompts. */
export type { Prompt, PromptRequest } from './prompt.ts';
export {
  type ClaimedFacts,
  noteClaimed,
  noteUnit,
  noteWhereabouts,
  type UnitFacts,
  type Whereabouts,
} from './replay-facts.ts';
export type { Measurement, RunContext, UnitOnSlot } from './run-context.ts';
export { RunBle } from './run-ble.ts';
export { type FilledLimits, RunScope } from './run-scope.ts';
