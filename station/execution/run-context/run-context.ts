import type { MeasuredValue } from '#shared/domain/limits.ts';
import type { Outcome } from '#shared/domain/outcome.ts';
import type { Recipe } from '#shared/recipe/index.ts';
import type { IdentityProof } from '#shared/registry-api/events.ts';
import type { BoundTriple, Ledger } from '../../identity/index.ts';
import type { FontBook } from '../../results/labels/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type {
  RelayBoard,
  DeviceSession,
  FlashProgress,
  RememberedBaudRate,
  UnitInfo,
  SerialIo,
} from '../../devices/protocols/index.ts';
import type { FirmwareContent } from '../../firmware/index.ts';
import type { Provisioning } from '../provisioning/index.ts';
import type { RunIo } from '../recording/index.ts';
import type { RegistryClient } from '../../registry-sync/client/index.ts';
import type { Scripts } from '../scripts/index.ts';
import type { Tools } from '../tools/index.ts';
import type { CurvePoint, NewAttachment, WritableDatabase } from '../../core/database/index.ts';
import type { WifiCode } from '../wifi-codes/index.ts';
import type { PhotoRequest, PromptRequest } from './prompt.ts';
import type { GivenFile } from './run-attachments.ts';
import type { RunBle } from './run-ble.ts';
import type { RunLlsync } from './run-llsync.ts';
import type { RunInstruments } from './run-instruments.ts';
import type { RunScope } from './run-scope.ts';

/** A measured value with the limits that it was compared with. */
export interface Measurement {
  readonly name: string;
  readonly value: MeasuredValue;
  readonly unit: string | null;
  /** The limits as text; empty when there are none. */
  readonly limits: string;
  readonly outcome: Outcome;
  readonly low?: number | null;
  readonly high?: number | null;
  readonly marginal?: boolean;
  /** True: a limit was computed from a value of this unit, so that other units have other limits. */
  readonly relative?: boolean;
  readonly at?: readonly CurvePoint[] | null;
}

/** The unit on the slot, as far as the run has identified it. */
export interface UnitOnSlot {
  readonly unitId: number;
  readonly info: UnitInfo;
}

/** The context of one attempt of a step. A step changes the run through its methods alone. */
export interface RunContext {
  readonly runId: string;
  readonly slot: number;
  readonly recipe: Recipe;
  /** The files beside the recipe that are part of it, by name. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly serialNumber: string | null;
  readonly platform: Platform;
  /** Everything that comes to the run from outside passes through it, so that a replay can repeat it. */
  readonly io: RunIo;
  readonly database: WritableDatabase;
  readonly ledger: Ledger;
  readonly registry: RegistryClient | null;
  /** False in the replay of a recording whose version did not report logins to the registry. */
  readonly reportsLogins: boolean;
  readonly device: DeviceSession;
  readonly serial: SerialIo;
  readonly ble: RunBle;
  readonly llsync: RunLlsync;
  /** The instruments that are lent to the step. */
  readonly instruments: Pick<RunInstruments, 'use'>;
  /** Gives the unit a network and a token, and an owner. */
  readonly provisioning: Provisioning;
  /** Numbers of the events at the registry that steps of this run have taken. */
  readonly eventsTaken: Set<number>;
  readonly scripts: Scripts;
  /** Fonts of labels. */
  readonly fonts: FontBook;
  readonly scope: RunScope;
  /** `null` until the unit was identified. */
  readonly unit: UnitOnSlot | null;
  /** The triple that the ledger has bound to the unit; `null` when there is none. */
  readonly bound: BoundTriple | null;
  /** The triple that the unit holds, as it was read from it in this run; `null` until then, also while it is written. */
  readonly heldTriple: BoundTriple | null;
  /** Records the unit that answered. Faults: `unit-on-two-slots`, `serial-conflict`, `interrupted`. */
  identifyUnit(info: UnitInfo): UnitOnSlot;
  /** The chip whose flash this run has written: its MAC, where its protocol tells it; `null` before. */
  readonly flashedChip: string | null;
  setFlashedChip(chipId: string): void;
  setBound(bound: BoundTriple | null): void;
  /** The unit was read and holds this triple. */
  setHeld(triple: BoundTriple): void;
  setProof(change: Partial<IdentityProof>): void;
  measure(measurement: Measurement): void;
  /**
   * Keeps a file with the attempt. Faults: `attachment-refused`, `disk-full`, `disk-read-only`, `disk-failing`, `file-denied`,
   * the signal's reason.
   */
  attach(file: GivenFile, signal: AbortSignal): Promise<NewAttachment>;
  /**
   * Stores a file that a program has left, within a request of the recording; `addAttachment` then keeps it with the attempt.
   * Faults: as `attach`.
   */
  storeFile(file: GivenFile): Promise<NewAttachment>;
  /** Keeps a stored file with the attempt. */
  addAttachment(stored: NewAttachment): void;
  /**
   * Asks the operator at this slot for a photo, and keeps it with the attempt. Faults: `prompt-unanswered`, those of `attach`.
   *
   * @param name of the attachment, without its ending
   */
  askPhoto(
    request: PhotoRequest,
    name: string,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<NewAttachment>;
  /** Asks the operator at this slot; resolves with the answer. Faults: `prompt-unanswered`, the signal's reason. */
  ask(request: PromptRequest, timeoutMs: number, signal: AbortSignal): Promise<string>;
  /** Uses the fixture's relay board. Faults: `not-configured` when the slot has none, and those of `RelayBoards.use`. */
  board<T>(work: (board: RelayBoard, channel: number) => Promise<T>, signal: AbortSignal): Promise<T>;
  /**
   * A file of the firmware package of the batch, or with `null` the firmware itself. Faults: `not-configured` when the batch
   * has no firmware, those of `FirmwareContents.read`.
   */
  readFirmware(path: string | null, maxBytes: number): Promise<FirmwareContent>;
  /** The firmware of the batch. Faults: `not-configured` when it has none, or one without a version. */
  batchFirmware(): { readonly sha256: string; readonly version: string };
  /** The programs that may run at this station. */
  readonly tools: Pick<Tools, 'find'>;
  /** The speed of transfers that is remembered for this slot; see `BaudRates`. */
  readonly baudRates: RememberedBaudRate;
  /** Shows the progress of a transfer at the slot; `null` when it has ended. */
  showFlash(progress: FlashProgress | null): void;
  /** Shows a Wi-Fi code at the slot until it is disposed of. */
  showCode(code: WifiCode): Disposable;
  /** Writes a remark to the recording. */
  note(text: string): void;
}
