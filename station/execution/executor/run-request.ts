import type { Ledger } from '../../identity/index.ts';
import type { FirmwareContents } from '../../firmware/index.ts';
import type { FontBook } from '../../results/labels/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { InstrumentManner, Instruments } from '../../devices/instruments/index.ts';
import type { RelayBoards } from '../../devices/protocols/index.ts';
import type { RunIo } from '../recording/index.ts';
import type { RegistryClient } from '../../registry-sync/client/index.ts';
import type { Networks } from '../networks/index.ts';
import type { ShownCodes } from '../wifi-codes/index.ts';
import type { BaudRates } from '../baud-rates/index.ts';
import type { Tools } from '../tools/index.ts';
import type { Scripts } from '../scripts/index.ts';
import type { Recipe } from '#shared/recipe/index.ts';
import type { AttachmentFiles } from '../../core/attachments/index.ts';
import type { RunRow, WritableDatabase } from '../../core/database/index.ts';
import type { AskPhoto, PromptRequest } from '../run-context/index.ts';
import type { ParsedRecipe } from '../recipes/index.ts';
import type { ResumePoint } from './resume.ts';
import type { RunEvent } from './run-events.ts';

/** The services of the station that every run uses. */
export interface RunServices {
  readonly platform: Platform;
  readonly database: WritableDatabase;
  readonly ledger: Ledger;
  /** A function, because a station may be bound to a registry while it runs. */
  readonly registry: () => RegistryClient | null;
  readonly station: string;
  readonly appVersion: string;
  /** Reserves a chip id for one slot. Faults: `unit-on-two-slots`. */
  readonly reserveUnit: (chipId: string, slot: number) => Disposable;
  /** Asks the operator at a slot; resolves with the answer. Faults: `prompt-unanswered`, the signal's reason. */
  readonly ask: (
    run: { readonly slot: number; readonly runId: string },
    request: PromptRequest,
    timeoutMs: number,
    signal: AbortSignal,
  ) => Promise<string>;
  readonly askPhoto: AskPhoto;
  /** The files of attachments; a replay stores none. */
  readonly attachments: Pick<AttachmentFiles, 'store' | 'settle'>;
  readonly relayBoards: RelayBoards;
  readonly instruments: Instruments;
  /** The Wi-Fi networks of the station; a replay has none. */
  readonly networks?: Pick<Networks, 'find'> | undefined;
  /** Shows Wi-Fi codes at the slots; a replay shows none. */
  readonly codes?: Pick<ShownCodes, 'show'> | undefined;
  /** How a replay talks to instruments: as its recording did. */
  readonly instrumentManner?: InstrumentManner | undefined;
  readonly scripts: Scripts;
  readonly fonts: FontBook;
  /** The files of firmware packages. */
  readonly firmware: Pick<FirmwareContents, 'readOfBatch'>;
  /** The programs that may run. */
  readonly tools: Pick<Tools, 'find'>;
  /** The speeds that are remembered for slots. */
  readonly baudRates: Pick<BaudRates, 'limit' | 'remember'>;
  /** The recording that the run is replayed from; the run is recorded when left out. */
  readonly io?: RunIo | undefined;
  /** False to replay a recording of a version that did not report logins to the registry. */
  readonly reportsLogins?: boolean | undefined;
  /** The labels of units that passed; none are printed when left out. */
  readonly labels?:
    | {
        /** Called in the transaction that records the end. */
        plan(run: RunRow, recipe: Recipe, atMs: number): void;
        /** Called before the end is announced. */
        begin(slot: number): void;
      }
    | undefined;
  /** Until it fires, a run whose end cannot be written waits for space; when left out, it faults at once. */
  readonly waitForSpace?: AbortSignal | undefined;
}

/** The request to run one recipe on one unit. */
export interface RunRequest {
  readonly batchId: string;
  readonly recipe: ParsedRecipe;
  readonly slot: number;
  readonly portPath: string;
  /** Port of the fixture's relay board; `null` when it has none. */
  readonly boardPath: string | null;
  readonly serialNumber: string | null;
  readonly operator: string;
  /** Where an interrupted run is resumed; left out for a new run. */
  readonly resume?: ResumePoint | undefined;
}

/** A run that has begun. */
export interface ActiveRun {
  readonly runId: string;
  readonly startedAtMs: number;
  /** Unix milliseconds of the start, or of the resumption: readings of the monotonic clock are added to it. */
  readonly baseAtMs: number;
  readonly request: RunRequest;
  /** Where an interrupted run is resumed; `null` for a new run. */
  readonly resume: ResumePoint | null;
  readonly emit: (event: RunEvent) => void;
}
