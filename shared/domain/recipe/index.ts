/** Recipes (工艺): what is done to a unit, its shape and its sense. Pure: reading files and doing things is elsewhere. */
export { regex, words, type Condition, type Words } from './common.ts';
export { device, type BoardSettings, type DeviceSettings, type IdentifyQuestion } from './device.ts';
export { frameFormat, type FrameFormat } from './frame-format.ts';
export { measurement, type MeasurementSpec } from './measurement.ts';
export { phase, recipe, serialMatches, type Phase, type Recipe } from './recipe.ts';
export { step, stepName, variablesOf, type Step, type StepOf, type StepVerb } from './step.ts';
export { BLE_DEVICE_DEFAULTS } from './steps/ble.ts';
export {
  fillBytes,
  fillPattern,
  fillText,
  SAMPLE_SCOPE,
  SAMPLE_UNIT,
  UNIT_WORDS,
  UnsetVariable,
  type Scope,
  type UnitWord,
  type UnitWords,
} from './unit-text.ts';
export { unroll, type Unrolled } from './unroll.ts';
