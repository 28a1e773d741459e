import type { MeasuredValue } from '#shared/domain/limits.ts';
import type { Outcome } from '#shared/domain/outcome.ts';
import type { Recipe } from '#shared/recipe/index.ts';
import type { IdentityProof } from '#shared/registry-api/events.ts';
import type { Bound, Ledger } from '../../identity/index.ts';
import type { FontBook } from '../../results/labels/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { RelayBoard, DeviceSession, UnitInfo, SerialIo } from '../../devices/protocols/index.ts';
import type { RunIo } from '../recording/index.ts';
import type { RegistryClient } from '../../registry-sync/client/index.ts';
import type { Scripts } from '../scripts/index.ts';
import type { CurvePoint, WritableDatabase } from '../../core/database/index.ts';
import type { PromptAsked } from './prompt.ts';
import type { RunBle } from './run-ble.ts';
import type { RunScope } from './run-scope.ts';

/** A value a step measured, with what it was held against. */
export interface Measured {
  readonly name: string;
  readonly value: MeasuredValue;
  readonly unit: string | null;
  readonly limits: string;
  readonly outcome: Outcome;
  readonly low?: number | null;
  readonly high?: number | null;
  readonly marginal?: boolean;
  /** A numeric limit was made of what this unit said, so that other units have others. */
  readonly relative?: boolean;
  readonly at?: readonly CurvePoint[] | null;
}

/** The unit on the slot as far as the run knows it by now. */
export interface UnitOnSlot {
  readonly unitId: number;
  readonly info: UnitInfo;
}

/** What the steps of one run share. A step reads it and writes only through its methods. */
export interface RunContext {
  readonly runId: string;
  readonly slot: number;
  readonly recipe: Recipe;
  /** The files beside the recipe that are part of it, by name. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly serialNumber: string | null;
  readonly platform: Platform;
  /** Whatever comes to the run from outside passes through it, or a replay could not give it again. */
  readonly io: RunIo;
  readonly database: WritableDatabase;
  readonly ledger: Ledger;
  readonly registry: RegistryClient | null;
  /** False in the replay of a run of before logins were told to the registry. */
  readonly tellsLogins: boolean;
  readonly device: DeviceSession;
  readonly serial: SerialIo;
  readonly ble: RunBle;
  readonly scripts: Scripts;
  /** Of labels. */
  readonly fonts: FontBook;
  readonly scope: RunScope;
  readonly unit: UnitOnSlot | null;
  readonly bound: Bound | null;
  /** The unit has said who it is. Faults: `unit-on-two-slots`, `serial-conflict`, `unit-changed`. */
  identifyUnit(info: UnitInfo): UnitOnSlot;
  setBound(bound: Bound | null): void;
  setProof(change: Partial<IdentityProof>): void;
  measure(measured: Measured): void;
  /** Asks the person at this slot; resolves with the answer as text. Faults: `prompt-unanswered`, the signal's reason. */
  ask(prompt: PromptAsked, answerMs: number, signal: AbortSignal): Promise<string>;
  /** Works with the fixture's board. Faults: `not-configured` when the slot has none, and those of `RelayBoards.use`. */
  board<T>(work: (board: RelayBoard, channel: number) => Promise<T>, signal: AbortSignal): Promise<T>;
  /** A remark for the recording. */
  note(text: string): void;
}
