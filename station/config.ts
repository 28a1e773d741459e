import type { StationMove } from './identity/index.ts';
import type { DiskLimits } from './administration/health/index.ts';
import type { SlotConfig } from './execution/slots/index.ts';

/** What a host decides about a station. */
export interface StationConfig {
  /** `remembered`: those that an engineer assigned to ports; see `SlotPorts`. */
  readonly slots: readonly SlotConfig[] | 'remembered';
  /** Relay board of the slots that are remembered. */
  readonly boardPath?: string | undefined;
  readonly appVersion: string;
  /** How this program is called at a terminal, for what the pages tell people to type; `gongwei` when left out. */
  readonly program?: string | undefined;
  /** True for the station of a sample line alone: its people have PINs that everybody may know. */
  readonly sampleLine?: boolean | undefined;
  /** True: commands of the same user that come while the station runs are taken; see `serveControl`. */
  readonly control?: boolean | undefined;
  /** False: nothing is sent to the registry unless asked for. Default true. */
  readonly autoSync?: boolean;
  /** Default: 500 MB are little, 64 MB too little to start a unit. */
  readonly disk?: DiskLimits & { readonly reserveBytes: number };
  /** False: a run whose end cannot be recorded on a full disk fails at once instead of waiting for space. */
  readonly waitForSpace?: boolean;
  /**
   * When runs that a crash cut off go on, as far as their recipe allows it: as soon as the station is there (default),
   * when the host calls `resumeRuns`, or not at this start, for work that runs no units. A run that is not taken up is left
   * as it is.
   */
  readonly resumeRuns?: 'at-once' | 'when-asked' | 'not-now';
  /** Somebody vouches that the computer that had this data will never work with it again. */
  readonly moved?: StationMove | undefined;
}

export interface UnitOrder {
  readonly batchId: string;
  /** `null` for a unit without a printed serial number: it goes by its chip id alone. */
  readonly serialNumber: string | null;
  readonly operator: string;
  /** The selected or the next free one, unless told. */
  readonly slot?: number;
}
