import type { SlotConfig } from './slots/index.ts';

/** What a host decides about a station. */
export interface StationConfig {
  readonly slots: readonly SlotConfig[];
  readonly appVersion: string;
  /** False: nothing is sent to the registry unless asked for. Default true. */
  readonly autoSync?: boolean;
}

export interface UnitOrder {
  readonly batchId: string;
  /** `null` for a unit without a printed serial number: it goes by its chip id alone. */
  readonly serialNumber: string | null;
  readonly operator: string;
  /** The selected or the next free one, unless told. */
  readonly slot?: number;
}
