/** Recipes (工艺): their shape, their documentation, and the check of whether they can work. Pure: no files, no devices. */
export { checkWritten } from './check/index.ts';
export { explain } from './check/explain.ts';
export { didYouMean, nearest } from './check/nearest.ts';
export { localizedText, type Condition, type LocalizedText } from './common.ts';
export {
  device,
  isIdentifiedByLoader,
  relayOf,
  takesIdentity,
  type BoardSettings,
  type DeviceSettings,
  type IdentifyRequest,
} from './device.ts';
export {
  answerForm,
  type ExchangedIdentity,
  exchangedIdentity,
  type IdentityExchange,
  type IdentityReadExchange,
  limitOfExchange,
} from './identity.ts';
export { groupsOfReading, isSecretGroup, type SecretGroup, strengthOf } from './identity-groups.ts';
export { isBluetoothStep, usesBluetooth } from './uses-bluetooth.ts';
export { type NvsIdentity, NVS_VISIT_MS } from './nvs-identity.ts';
export { BATCH_FIRMWARE } from './verbs/ota.ts';
export { fillTripleHex, fillTripleText } from './triple-text.ts';
export type { FrameFormat } from './frame-format.ts';
export { framingOf } from './framing.ts';
export { type Capture, type MeasurementSpec, recipeLimits, type RecipeLimits } from './measurement.ts';
export { findLoaderAgain, type LoaderAgain, usesLoader, usesLoaderLater } from './loader-steps.ts';
export { instrumentsOf } from './instruments.ts';
export {
  burnsTriples,
  flashesFirmware,
  neededFirmwareFiles,
  neededInstruments,
  neededNetworks,
  neededPrograms,
  printingStep,
  recipe,
  serialMatches,
  type Phase,
  type Recipe,
} from './recipe.ts';
export type { Mistake } from './mistake.ts';
export { stepName, stepTimeoutMs, TEARDOWN_TIMEOUT_MS } from './step.ts';
export { type AmpeParam, filesInParams, isFileAsBase64 } from './ampe-params.ts';
export type { LlsyncInput, LlsyncOutput } from './llsync.ts';
export { llsyncPlaceOf, type LlsyncReference, llsyncReferences, type LlsyncStep } from './llsync-names.ts';
export { BLE_IDENTIFY_GROUPS, type BleIdentify, type BleIdentifyGroup } from './ble-identify.ts';
export { BLE_DEVICE_DEFAULTS, type BleFind } from './ble.ts';
export { BLUFI_DEFAULTS, type BlufiSettings, TOKEN_PLACEHOLDER } from './blufi.ts';
export { BLE_PROVISIONING_METHODS, type BleProvisioningMethod } from './verbs/provision-ble.ts';
export { findVerb, type Step, type StepOf, type StepVerb, VERBS, verbOf } from './verbs/index.ts';
export {
  fillBytes,
  fillPattern,
  fillText,
  SAMPLE_SCOPE,
  UnsetVariable,
  type TemplateScope,
  type UnitPlaceholder,
  type UnitPlaceholders,
} from './unit-text.ts';
export { allDocEntries, docOf } from './reference/index.ts';
export { unroll, type Unrolled } from './unroll.ts';
