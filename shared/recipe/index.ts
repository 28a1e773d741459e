/** Recipes (工艺): what is done to a unit, its shape and its sense. Pure: reading files and doing things is elsewhere. */
export { checkWritten, type Mistake } from './check/index.ts';
export { explain } from './check/explain.ts';
export { didYouMean, nearest } from './check/nearest.ts';
export { words, type Condition, type Words } from './common.ts';
export { device, relayOf, type BoardSettings, type DeviceSettings, type IdentifyQuestion } from './device.ts';
export type { FrameFormat } from './frame-format.ts';
export { framingOf } from './framing.ts';
export { type Capture, type MeasurementSpec, recipeLimits, type RecipeLimits } from './measurement.ts';
export { burnsTriples, recipe, serialMatches, type Phase, type Recipe } from './recipe.ts';
export { stepName, type Step, type StepOf, type StepVerb } from './step.ts';
export { stepTimeoutMs, TEARDOWN_TIMEOUT_MS } from './step-time.ts';
export { type AmpeParam, filesInParams, isFileAsBase64 } from './verbs/ampe-params.ts';
export { BLE_DEVICE_DEFAULTS } from './verbs/ble.ts';
export {
  fillBytes,
  fillPattern,
  fillText,
  SAMPLE_SCOPE,
  UnsetVariable,
  type Scope,
  type UnitWord,
  type UnitWords,
} from './unit-text.ts';
export { allEntries, VERBS, type VerbWords, wordsOf } from './reference/index.ts';
export { unroll, type Unrolled } from './unroll.ts';
