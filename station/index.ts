/**
 * The public interface of the station core: one station per data directory, for every host. `createStation(platform, config)`
 * is the only composition point; hosts provide a platform and a transport.
 */
export { createStation } from './station.ts';
export type { Station } from './station-api.ts';
export { openReopenableStation, type ReopenableStation } from './reopenable.ts';
export type { StationConfig } from './config.ts';
export type { StartUnitRequest } from './execution/execution-options.ts';
export type { Approval } from './core/approval/index.ts';
export { createLockOut, proveApprover, SAMPLE_USERS } from './administration/users/index.ts';
export { SAMPLE_LINE_ENDED } from './administration/setup/index.ts';
export {
  callRunningStation,
  lendToRunningStation,
  sendToRunningStation,
  isStationRunning,
  type UsersRequest,
  perform,
} from './administration/control-socket/index.ts';
export { createBleCentral } from './devices/drivers/ble/index.ts';
export { isTcpPath } from './devices/drivers/tcp/index.ts';
export {
  type Discrepancy,
  type RecordsReport,
  verifyAll,
  type AuditReport,
  type RegistryComparison,
} from './core/audit-log/index.ts';
export {
  createNodePlatform,
  createNodeRandom,
  isOfKeychain,
  KEYCHAIN_PREFIX,
} from './devices/drivers/node/index.ts';
export { type Check, examine, reachRegistry } from './administration/diagnostics/index.ts';
export {
  backupStamp,
  writeKeyFile,
  restoreStation,
  type RestoreReport,
} from './administration/recovery/index.ts';
export { auditIdentity, requireLongPassphrase } from './identity/index.ts';
export { parseFieldMap, readFirmware } from './firmware/index.ts';
export { findUnitReport, pendingCases } from './returns/index.ts';
export {
  checkTemplate,
  createFontBook,
  LabelLibrary,
  type NamedTemplate,
  renderBars,
  renderCode,
  renderLabel,
  requireTemplate,
  runLabel,
  sampleLabel,
  templateOf,
  writeCodeFile,
  writeLabelFile,
} from './results/labels/index.ts';
export { AttachmentFiles } from './core/attachments/index.ts';
export { findAttachment, listAttachments } from './results/attachments/index.ts';
export { toLabelPrintView } from './results/printing/index.ts';
export type { Platform, SecretBox } from './core/platform/index.ts';
export {
  dialogueOf,
  formatTranscript,
  findRecording,
  findRecordings,
  listRecordings,
  LOG_LIMITS,
  readRecording,
  type Recording,
  recordingFile,
  type RecordingLimits,
} from './execution/recording/index.ts';
export {
  createRegistryClient,
  isReadableOnTheWay,
  type RegistryClient,
  registryBaseUrl,
} from './registry-sync/client/index.ts';
export { readHardware, readRegistryUrl, tryRegistry } from './administration/settings/index.ts';
export { createInstruments, readInstrumentSettings, testInstrument } from './devices/instruments/index.ts';
export { fixRunFilter } from './results/figures/index.ts';
export {
  keepHeapSmall,
  type ExportedFile,
  findUnitRuns,
  MANIFEST_ENDING,
  manifestFileOf,
  type ReportSubject,
  verifyReport,
  writeReport,
} from './results/reports/index.ts';
export { type FiguresReport, verifyFigures } from './results/figures/index.ts';
export { fromRecord, parseRunColumnMap } from './results/foreign-runs/index.ts';
export { type KeyTrust, type VerifiedFile, verifyFile } from './core/signed-files/index.ts';
export {
  type DocumentMaker,
  documentName,
  MAX_SIGNED_FILE_BYTES,
  type SignedDocument,
} from './execution/documents/index.ts';
export { openDocumentMaker } from './open-document-maker.ts';
export { STATION_ITSELF } from './core/audit-log/index.ts';
export { describeClockDoubt } from './administration/clock-trust/index.ts';
export { readUploadedRecipe, recipeStateOf } from './execution/recipe-library/index.ts';
export { batchNeeds, readStoredRecipe } from './execution/batches/index.ts';
export { pictureOfCode } from './execution/wifi-codes/index.ts';
export { type RunEvent, type RunResult } from './execution/executor/index.ts';
export {
  pathBeside,
  checkRecipe,
  inspectRecipe,
  lockRecipe,
  createRecipeTitles,
  parseRecipe,
  readRecipe,
  recipeJsonSchema,
  requireLocked,
  type ParsedRecipe,
} from './execution/recipes/index.ts';
export { type Prompt } from './execution/run-context/index.ts';
export {
  type NextUnit,
  readStartMode,
  readStoredSlots,
  type SlotConfig,
  type StartedRun,
} from './execution/slots/index.ts';
export { readTools } from './execution/tools/index.ts';
export {
  checkBackup,
  restrictToOwner,
  listBackups,
  openStationDatabaseForReading,
  describeProgress,
  requireStation,
  type FixedRunFilter,
  type ReadableDatabase,
  type WritableDatabase,
} from './core/database/index.ts';
export { unsentMessages } from './registry-sync/index.ts';
export { noteText, openTripleFile, parseColumnMap, readTripleCsv } from './identity/import/index.ts';
export { createSecretDigest } from './identity/index.ts';
export { countWithForeign, readYield } from './results/yield/index.ts';
export {
  type ComparedStep,
  type Comparison,
  type Difference,
  recordedRecipe,
  replayRun,
} from './execution/replay/index.ts';
export { describeSchedules } from './results/scheduled-reports/index.ts';
