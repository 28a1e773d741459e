/**
 * The station core, whole: one per data directory, behind every host. `createStation(platform, config)` is the only
 * composition point; hosts bring a platform and a way to talk.
 */
export { createStation, type Station } from './station.ts';
export type { StationConfig, UnitOrder } from './config.ts';
export { type Approval, createLockOut, proveApprover, SAMPLE_PEOPLE } from './access/index.ts';
export { askRunningStation, isStationRunning, type ControlRequest, perform } from './control/index.ts';
export { createBleCentral } from './drivers/ble/index.ts';
export {
  type Disagreement,
  type RecordsVerdict,
  verifyAll,
  type WholeVerdict,
  type Witness,
} from './audit/index.ts';
export { createNodePlatform } from './drivers/node/index.ts';
export {
  backupStamp,
  type Check,
  examine,
  reachRegistry,
  putKeyBeside,
  restoreStation,
  type RestoreReport,
} from './health/index.ts';
export { auditIdentity, refuseShortPassphrase } from './identity/index.ts';
export { parseFieldMap } from './firmware/index.ts';
export { renderCode, renderLabel, runLabel, writeCodeFile, writeLabelFile } from './labels/index.ts';
export type { Platform, SecretBox } from './platform/index.ts';
export {
  dialogue,
  findRecording,
  findRecordings,
  listRecordings,
  LOG_LIMITS,
  readRecording,
  type Recording,
  recordingFile,
  type RecordingLimits,
} from './recordings/index.ts';
export { createRegistryClient, type RegistryClient, registryBaseUrl } from './registry/index.ts';
export { type ExportedFile, writeRunReport } from './reports/index.ts';
export { STATION_ITSELF } from './audit/index.ts';
export { doubtInWords } from './clock-trust/index.ts';
export { readStoredRecipe } from './batches/index.ts';
export {
  besideFile,
  checkRecipe,
  inspectRecipe,
  lockRecipe,
  parseRecipe,
  type Prompt,
  readRecipe,
  recipeJsonSchema,
  requireLocked,
  type ParsedRecipe,
  type RunEvent,
  type RunResult,
} from './runner/index.ts';
export { type NextUnit, type SlotConfig, type StartedRun } from './slots/index.ts';
export {
  checkBackup,
  keepToOwner,
  listBackups,
  makeDir,
  openStoreForReading,
  progressInWords,
  requireStation,
  type Store,
} from './store/index.ts';
export { unsentMessages } from './sync/index.ts';
export { noteInWords, openTripleFile, parseColumnMap, readTripleCsv } from './identity/import/index.ts';
export { countYield } from './yield/index.ts';
export {
  type ComparedStep,
  type Comparison,
  type Difference,
  recordedRecipe,
  replayRun,
} from './replay/index.ts';
