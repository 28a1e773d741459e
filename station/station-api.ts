import type { StationContract } from '#shared/contract/index.ts';
import type { Actor, Handlers } from '#shared/rpc/index.ts';
import type { ClockTrust } from './administration/clock-trust/index.ts';
import type { Health } from './administration/health/index.ts';
import type { Settings } from './administration/settings/index.ts';
import type { Access, SampleUsers } from './administration/users/index.ts';
import type { WritableDatabase } from './core/database/index.ts';
import type { UploadStore } from './core/uploads/index.ts';
import type { Documents } from './execution/documents/index.ts';
import type { Execution } from './execution/execution.ts';
import type { RecipeDrafts, RecipeLibrary } from './execution/recipe-library/index.ts';
import type { Firmware } from './firmware/index.ts';
import type { IdentityRecord, Pool, RotationReport, SigningKeys } from './identity/index.ts';
import type { PageService } from './page-service.ts';
import type { RegistryClient } from './registry-sync/client/index.ts';
import type { Sync } from './registry-sync/index.ts';
import type { ForeignRuns } from './results/foreign-runs/index.ts';
import type { Printer, PrinterSettings } from './results/printing/index.ts';
import type { Reports } from './results/reports/index.ts';
import type { ScheduledReports } from './results/scheduled-reports/index.ts';
import type { Yields } from './results/yield/index.ts';
import type { Returns } from './returns/index.ts';

type HostExecution = Pick<
  Execution,
  | 'batches'
  | 'baudRates'
  | 'labels'
  | 'lending'
  | 'codes'
  | 'networks'
  | 'nextUnit'
  | 'onRunEvent'
  | 'prints'
  | 'prompts'
  | 'recovery'
  | 'resumeRuns'
  | 'scans'
  | 'slotSettings'
  | 'slots'
  | 'startUnit'
  | 'tools'
>;

/** A station and all operations of a host on it. */
export interface Station extends PageService, HostExecution {
  readonly name: string;
  readonly database: WritableDatabase;
  readonly settings: Settings;
  readonly pool: Pool;
  /** Signed balances and certificates. */
  readonly documents: Documents;
  readonly signingKeys: SigningKeys;
  readonly sync: Sync;
  readonly returns: Returns;
  readonly access: Access;
  readonly sampleUsers: SampleUsers;
  readonly firmware: Firmware;
  /** Where the host puts the files that pages upload. */
  readonly uploads: UploadStore;
  readonly printerSettings: PrinterSettings;
  readonly printer: Printer;
  readonly reports: Reports;
  readonly scheduledReports: ScheduledReports;
  readonly foreignRuns: ForeignRuns;
  readonly yields: Yields;
  readonly health: Health;
  readonly clockTrust: ClockTrust;
  readonly registry: () => RegistryClient | null;
  readonly handlers: Handlers<StationContract>;
  /** Every identity with its unit, and the SHA-256 of its secret: to compare with devices and registry. */
  identities(): IdentityRecord[];
  /** Changes the data key that seals all secrets; see `rotateKey`. One at a time. */
  rotateKey(onProgress: (resealed: number) => void, by: Actor, signal: AbortSignal): Promise<RotationReport>;
  /** Versions of recipes: locked, released, withdrawn. */
  readonly recipes: RecipeLibrary;
  readonly recipeDrafts: RecipeDrafts;
  /** Records in the audit trail that a recipe was locked. */
  recordRecipeLock(
    lock: { readonly recipe: string; readonly version: string; readonly sha256: string },
    by: Actor,
  ): void;
  /** Stops every run (each is recorded), ends sending, closes the database. */
  close(): Promise<void>;
}
