/** Recipes (工艺): what is done to a unit, its shape and its sense. Pure: reading files and doing things is elsewhere. */
export { words, type Condition, type Words } from './common.ts';
export { device, relayOf, type BoardSettings, type DeviceSettings, type IdentifyQuestion } from './device.ts';
export type { FrameFormat } from './frame-format.ts';
export type { MeasurementSpec } from './measurement.ts';
export { burnsTriples, recipe, serialMatches, type Phase, type Recipe } from './recipe.ts';
export { stepName, type Step, type StepOf, type StepVerb } from './step.ts';
export { type AmpeParam, filesInParams, isFileAsBase64 } from './steps/ampe-params.ts';
export { BLE_DEVICE_DEFAULTS } from './steps/ble.ts';
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
export { unroll, type Unrolled } from './unroll.ts';
