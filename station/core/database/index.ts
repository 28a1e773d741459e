/** The station's database: one SQLite file with one writer. Only this folder contains SQL; each repository has one group of tables. */
export {
  databaseFile,
  openRestoreCopy,
  openStationDatabase,
  openStationDatabaseForReading,
  requireStation,
} from './open-station-database.ts';
export type { LabelPrintRow, NewLabelPrint } from './label-prints.ts';
export { requireRun } from './require-run.ts';
export type { ReadableDatabase } from './readable-database.ts';
export type { WritableDatabase } from './station-database.ts';
export { type BackupContent, readBackupContent } from './backup-content.ts';
export { type BackupFacts, type BackupReading, checkBackup, readBackupKeys } from './check-backup.ts';
export {
  type BalanceRows,
  countIssued,
  type IssuedCount,
  type IssuedRow,
  readBalanceRows,
  type UnsentIdentityRow,
} from './batch-balance.ts';
export { readRunDigest } from './records/read-run-digest.ts';
export { checkIntegrity } from './check-integrity.ts';
export { findViolationsBeside } from './invariants.ts';
export {
  isOnlyTrailMissing,
  lossHint,
  describeLoss,
  missingByMark,
  readHighMark,
} from './high-water-mark.ts';
export { type Progress, describeProgress } from './progress.ts';
export { DATA_VERSION } from './migrations/index.ts';
export { type HeldLock, holdDataDir, lockDataDir, useLock } from './lock.ts';
export { type Closed, restrictToOwner } from './owner-only.ts';
export {
  copyForRestore,
  databaseToReplace,
  removeRestoreCopy,
  replaceDatabase,
  restoreCopyOf,
} from './restore-files.ts';
export { salvage, type Salvage } from './salvage.ts';
export { readStartMark, START_MARK, writeStartMark } from './process-start.ts';
export { DISK_RESERVE_BYTES } from './disk-reserve.ts';
export { backupFileName, backupTimeMs, isBackupName, listBackups } from './database-fault.ts';
export type { SchemaDifference } from './records/compare-schema.ts';
export type { Tampering } from './records/find-tampering.ts';
export type { AttachmentRow, AttachmentTotals, NewAttachment } from './attachments.ts';
export type { AuditRow } from './audit.ts';
export type { BatchRow } from './batches.ts';
export type { RecipeDraftRow } from './recipe-drafts.ts';
export type { RecipeVersionRow } from './recipe-versions.ts';
export type { ImportRow, RefusedRow } from './imports.ts';
export type { FinishedRun, CurvePoint, MeasurementRow, NewRun, RunRow, StepRow } from './runs.ts';
export type { ListedRow, OutboxRow, ParkedRow, UnsentRow } from './outbox.ts';
export type { Acknowledged, ChangeReason, IdentityEventRow, TripleRow } from './triples.ts';
export type { UnresolvedRow, UnresolvedState } from './unresolved.ts';
export type { UserAccountRow, UserRow } from './users.ts';
export type { UnitRow } from './units.ts';
export type { LabelTemplateRow } from './label-templates.ts';
export type { FirmwareDocumentRow, FirmwareRow, FirmwareUploadRow } from './firmware.ts';
export {
  FROM_THE_START,
  type MeasurementColumnRow,
  type RunPosition,
  type RunDetails,
  type MarkedTuple,
  type MeasuredTuple,
  type StepName,
  type StepTuple,
} from './report-runs.ts';
export type { RunCursor, YieldRunRow } from './yield-runs.ts';
export type { FixedRunFilter } from './run-conditions.ts';
export type { RunSearch, RunSearchRow } from './search-runs.ts';
export type { SignedDocumentRow, SigningKeyReason, SigningKeyRow } from './signed-documents.ts';
export type { DueReport, ReportScheduleRow, ScheduledReportRow } from './report-schedules.ts';
export type { SavedFilterRow } from './saved-filters.ts';
export type {
  ForeignRunFilter,
  ForeignRunPosition,
  ForeignAttachmentRow,
  ForeignRunRow,
  ForeignSource,
  FoundForeignRun,
  SeenRuns,
} from './foreign-runs.ts';
export { foreignDatabaseFile, type ForeignDatabase, openForeignDatabase } from './open-foreign.ts';
export { type FactStore, type FigureDifference, openFactRecount } from './fact-recount.ts';
export type {
  BatchFact,
  CauseRow,
  FactSourceRun,
  PreviousRun,
  OriginRow,
  PhaseRow,
  RunFact,
  UnitStateRow,
} from './run-facts.ts';
export type { NewFacts, RunCell, SeriesCell, UnitCell } from './write-facts.ts';
export type { CountedRuns, CountedUnits, FigureRange, TimeRange } from './read-figures.ts';
