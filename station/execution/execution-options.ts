import type { Admission } from '../core/admission/index.ts';
import type { AuditTrail } from '../core/audit-log/index.ts';
import type { WritableDatabase } from '../core/database/index.ts';
import type { Platform } from '../core/platform/index.ts';
import type { Ledger, Vault } from '../identity/index.ts';
import type { RegistryClient } from '../registry-sync/client/index.ts';
import type { LabelPrints } from '../results/printing/index.ts';
import type { TopicPublishers } from '../topics.ts';
import type { Batches } from './batches/index.ts';
import type { RunEvent } from './executor/index.ts';
import type { SlotConfig, StartedRun } from './slots/index.ts';

/** A run that was resumed after a crash. */
export interface ResumedRun extends StartedRun {
  readonly batchId: string;
  readonly serialNumber: string | null;
}

export type RunListener = (slot: number, event: RunEvent) => void;

/** What a host decides about execution. */
export interface ExecutionConfig {
  /** `remembered`: the slots whose ports an engineer assigned; see `SlotSettings`. */
  readonly slots: readonly SlotConfig[] | 'remembered';
  /** Relay board of the slots that are remembered. */
  readonly boardPath?: string | undefined;
  readonly appVersion: string;
  /** False: a run whose end cannot be recorded on a full disk fails at once instead of waiting for space. */
  readonly waitForSpace?: boolean;
  /**
   * When the runs that a crash interrupted are resumed, as far as their recipe allows it: at the start of the station
   * (default), when the host calls `resumeRuns`, or never by this process, for work that runs no units. A run that is not
   * resumed is left as it is.
   */
  readonly resume?: 'at-start' | 'by-host' | 'never';
  /** The folder that is hidden from scripts; the data directory when left out. A station in a folder of another hides all of it. */
  readonly hiddenDir?: string | undefined;
}

export interface StartUnitRequest {
  readonly batchId: string;
  /** `null` for a unit without a printed serial number: its chip id alone identifies it. */
  readonly serialNumber: string | null;
  readonly operator: string;
  /** Default: the selected slot, else the next free one. */
  readonly slot?: number;
}

export interface ExecutionOptions {
  readonly platform: Platform;
  readonly config: ExecutionConfig;
  /** Ended before the station closes; then no unit is started. */
  readonly admission: Admission;
  readonly database: WritableDatabase;
  readonly audit: AuditTrail;
  readonly ledger: Ledger;
  /** Opens the Wi-Fi networks. */
  readonly vault: Vault;
  readonly registry: () => RegistryClient | null;
  /** The station's name, for the record of each run. */
  readonly station: () => string;
  /** Called before each start. Faults: those of `Health.admit`. */
  readonly requireCanRecord: () => void;
  /** Makes the prints of labels, which know the recipes of the batches. */
  readonly createPrints: (batches: Batches) => LabelPrints;
  /** Publishes a change at the slots to the pages. */
  readonly publish: TopicPublishers['slots'];
}
