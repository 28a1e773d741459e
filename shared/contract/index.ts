/** The contract between a station and its pages: calls and topics. One file per section. */
import type { Handlers } from '../rpc/index.ts';
import { backupCalls, backupTopics } from './backups.ts';
import { batchCalls, batchTopics } from './batches.ts';
import { codeCalls } from './codes.ts';
import { documentCalls } from './documents.ts';
import { dryRunCalls, dryRunTopics } from './dry-runs.ts';
import { firmwareCalls, firmwareTopics } from './firmware.ts';
import { foreignRunCalls } from './foreign-runs.ts';
import { identityCalls, identityTopics } from './identity.ts';
import { portCalls } from './ports.ts';
import { instrumentCalls } from './instruments.ts';
import { attachmentCalls } from './attachments.ts';
import { labelCalls } from './labels.ts';
import { labelTemplateCalls } from './label-templates.ts';
import { printerCalls, printerTopics } from './printer.ts';
import { nearbyCalls } from './nearby.ts';
import { networkCalls } from './networks.ts';
import { quotaCalls } from './quotas.ts';
import { recipeCalls } from './recipes.ts';
import { returnCalls } from './returns.ts';
import { reportCalls, reportTopics } from './reports.ts';
import { reportScheduleCalls } from './report-schedules.ts';
import { recordingCalls } from './recordings.ts';
import { runCalls } from './runs.ts';
import { savedFilterCalls } from './saved-filters.ts';
import { settingsCalls } from './settings.ts';
import { doctorCalls } from './doctor.ts';
import { storageCalls } from './storage.ts';
import { trailCalls } from './trail.ts';
import { sessionCalls, sessionTopics } from './session.ts';
import { slotCalls, slotTopics } from './slots.ts';
import { stationCalls, stationTopics } from './station.ts';
import { syncCalls, syncTopics } from './sync.ts';
import { toolCalls } from './tools.ts';
import { tripleCalls, tripleTopics } from './triples.ts';
import { setupCalls } from './setup.ts';
import { updateCalls, updateTopics } from './updates.ts';
import { userCalls } from './users.ts';
import { wifiCodeCalls } from './wifi-codes.ts';
import { yieldCalls, yieldTopics } from './yield.ts';

export const contract = {
  calls: {
    ...stationCalls,
    ...settingsCalls,
    ...portCalls,
    ...labelCalls,
    ...attachmentCalls,
    ...labelTemplateCalls,
    ...printerCalls,
    ...toolCalls,
    ...instrumentCalls,
    ...networkCalls,
    ...quotaCalls,
    ...doctorCalls,
    ...backupCalls,
    ...storageCalls,
    ...trailCalls,
    ...sessionCalls,
    ...setupCalls,
    ...userCalls,
    ...updateCalls,
    ...batchCalls,
    ...documentCalls,
    ...recipeCalls,
    ...dryRunCalls,
    ...slotCalls,
    ...runCalls,
    ...recordingCalls,
    ...savedFilterCalls,
    ...reportCalls,
    ...foreignRunCalls,
    ...reportScheduleCalls,
    ...nearbyCalls,
    ...returnCalls,
    ...identityCalls,
    ...tripleCalls,
    ...syncCalls,
    ...codeCalls,
    ...wifiCodeCalls,
    ...firmwareCalls,
    ...yieldCalls,
  },
  topics: {
    ...stationTopics,
    ...updateTopics,
    ...sessionTopics,
    ...batchTopics,
    ...dryRunTopics,
    ...slotTopics,
    ...identityTopics,
    ...tripleTopics,
    ...syncTopics,
    ...printerTopics,
    ...reportTopics,
    ...backupTopics,
    ...firmwareTopics,
    ...yieldTopics,
  },
};
export type StationContract = typeof contract;

/** The handlers of one or more sections of the contract: `SectionHandlers<'batches'>` has all calls `batches.…`. */
export type SectionHandlers<Prefix extends string> = Pick<
  Handlers<StationContract>,
  Extract<keyof StationContract['calls'], `${Prefix}.${string}`>
>;

export type { FailureView, FaultView } from './common.ts';
export {
  type BatchNeeds,
  type BatchState,
  type BatchView,
  MAX_BATCH_NAME_CHARACTERS,
  type RecipeCheck,
  type RecipeChoice,
} from './batches.ts';
export { type BalanceView, MAX_SHOWN_ENTRIES, type SignedFileView, type VerifiedView } from './documents.ts';
export {
  MAX_REPORT_SCHEDULES,
  MAX_SHIFT_ENDS,
  type ReportOccasion,
  type ReportSchedule,
  type ReportSchedules,
  type ScheduledReport,
} from './report-schedules.ts';
export { type DryRunEvent, dryRunEvent, type DryRunState, type DryRunView } from './dry-runs.ts';
export {
  FIRMWARE_FIELD_MEANINGS,
  type FirmwareDetails,
  type FirmwareFieldChanges,
  type FirmwareFieldMap,
  type FirmwareFieldMeaning,
  type FirmwareJob,
  type FirmwareTopicState,
  type FirmwareView,
} from './firmware.ts';
export {
  type AuditReport,
  type PoolCounts,
  type PoolState,
  UNRESOLVED_PAGE,
  type UnresolvedIdentity,
  type UnresolvedIdentityState,
} from './identity.ts';
export {
  type ForeignColumnMap,
  type ForeignImport,
  type ForeignPreview,
  type ForeignRunDetails,
  type ForeignRunView,
  type ForeignSourceView,
  MAX_COUNTED_FOREIGN,
  REJECTED_RUNS_LISTED,
} from './foreign-runs.ts';
export { MAX_REASON, MIN_REASON } from './approval.ts';
export type { NearbyReading, NearbyUnit } from './nearby.ts';
export {
  RETURN_DECISIONS,
  type UnitReport,
  type RelatedUnit,
  type TimelineEntry,
  type PendingCase,
} from './returns.ts';
export {
  type BatchCounts,
  type BatchReport,
  type CsvForm,
  type ExportsState,
  MAX_COLUMN_NAME,
  type PdfForm,
} from './reports.ts';
export {
  type Paper,
  PAPERS,
  REPORT_FORMATS,
  REPORT_FORMS,
  type ReportFormat,
  type ReportSubjectKind,
} from './report-forms.ts';
export type {
  RecipeCheckView,
  RecipeContent,
  RecipeDevice,
  RecipeDraftDetails,
  RecipeDraftView,
  RecipeExample,
  RecipeFileView,
  RecipeIssueView,
  RecipeScript,
  RecipeState,
  RecipeVersionDetails,
  RecipeVersionView,
} from './recipes.ts';
export { RUN_COLUMNS, type RunColumn } from './run-columns.ts';
export {
  formatRunQuery,
  type MeasuredRange,
  type ParsedRunQuery,
  parseRunQuery,
  type RunFilter,
  type RunQuery,
} from './run-filter.ts';
export type { DialogueEntry, ProvisioningMoment, RecordingCall, ReplayView } from './recordings.ts';
export type { FoundRun, RunChoices, RunOrigin, RunPage, RunSummary } from './runs.ts';
export { MAX_SAVED_FILTERS, type SavedFilter } from './saved-filters.ts';
export type { UserView, SamplePin, SessionView } from './session.ts';
export type { PageDefaults, RegistryTest, StationSettings } from './settings.ts';
export {
  type OldLabel,
  PASS_CLEARS_MS,
  type PressedKeys,
  type PromptView,
  type ScanResult,
  type SlotsState,
  type SlotView,
} from './slots.ts';
export {
  type PrinterHealth,
  type PrinterPlace,
  type PrinterSetting,
  printerSetting,
  type PrinterState,
  type PrinterView,
} from './printer.ts';
export type {
  LabelIssueView,
  LabelPreview,
  LabelTemplateDetails,
  LabelTemplateView,
} from './label-templates.ts';
export type { ToolView } from './tools.ts';
export type { NetworksView } from './networks.ts';
export type { QuotasView, QuotaView } from './quotas.ts';
export type { CodePicture } from './wifi-codes.ts';
export type { InstrumentsView } from './instruments.ts';
export { MAX_PORT_WAIT_MS, type PortsState, type PortView, type SlotPortView } from './ports.ts';
export {
  type BackupsState,
  type BackupView,
  type BackupWorkState,
  MIN_PASSPHRASE,
  type RestorePreview,
  SCHEDULE_LIMITS,
} from './backups.ts';
export type { DoctorCheck } from './doctor.ts';
export type { StorageUsage } from './storage.ts';
export type { TrailEntry, TrailFilter } from './trail.ts';
export type { StationHealth, StationInfo } from './station.ts';
export { OUTBOX_PAGE, type OutboxList, type OutboxMessage, type SyncState } from './sync.ts';
export {
  type ImportsState,
  MAX_LEASE,
  REJECTED_LISTED,
  type TripleColumnMap,
  type TripleImport,
  type TripleNote,
  type TriplePreview,
} from './triples.ts';
export type { RealData, SetupState } from './setup.ts';
export type { UpdateState } from './updates.ts';
export type { UserAccount } from './users.ts';
export type { BatchYield, YieldState, YieldWarning } from './yield.ts';
export type { AttachmentView } from './attachments.ts';
export type { LabelPrintView } from './labels.ts';
