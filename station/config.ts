import type { StationMove } from './identity/index.ts';
import type { DiskLimits } from './administration/health/index.ts';
import type { ExecutionConfig } from './execution/execution.ts';

/** What a host decides about a station. */
export interface StationConfig extends ExecutionConfig {
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
  /** Somebody vouches that the computer that had this data will never work with it again. */
  readonly moved?: StationMove | undefined;
}
