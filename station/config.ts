import type { StationMove } from './identity/index.ts';
import type { DiskLimits } from './administration/health/index.ts';
import type { OpenInstaller } from './administration/updates/index.ts';
import type { Reopen, Reopened } from './administration/reopening/index.ts';
import type { HeldLock } from './core/database/index.ts';
import type { ExecutionConfig } from './execution/execution-options.ts';

/** What a host decides about a station. */
export interface StationConfig extends ExecutionConfig {
  /** Name of this program at a terminal, for the commands that pages show; default `gongwei`. */
  readonly program?: string | undefined;
  /** True for a sample station only: its users have public PINs. */
  readonly sampleLine?: boolean | undefined;
  /** Folder of the recipes that ship with this program, to begin with; none when left out. */
  readonly examplesDir?: string | undefined;
  /** Folder of the templates of labels that ship with this program; none when left out. */
  readonly labelsDir?: string | undefined;
  /** Called when an engineer has ended the sample line; the host then closes this station. */
  readonly onSampleLineEnd?: (() => void) | undefined;
  /** The program that executes `recipe try`, with its first arguments; without it there are no dry runs. */
  readonly dryRunCommand?: readonly string[] | undefined;
  /** True: the running station accepts commands of the same user; see `serveControl`. */
  readonly control?: boolean | undefined;
  /** False: messages are sent to the registry only on request. Default true. */
  readonly autoSync?: boolean;
  /** Default: a warning below 500 MB; no unit is started below 64 MB. */
  readonly disk?: DiskLimits & { readonly reserveBytes: number };
  /** Confirmation by a person that the computer that had this data will never use it again. */
  readonly moved?: StationMove | undefined;
  /** Opens a verified installer of a newer version at the computer; left out where a person does. */
  readonly openInstaller?: OpenInstaller | undefined;
  /** The lock of the data directory, when the host holds it. */
  readonly lock?: HeldLock | undefined;
  /** Given by a host that can open the station again; see `openReopenableStation`. */
  readonly reopen?: Reopen | undefined;
  /** What was done while the station was closed, when it was opened again. */
  readonly reopened?: Reopened | undefined;
}
