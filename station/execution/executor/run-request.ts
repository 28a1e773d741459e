import type { Ledger } from '../../identity/index.ts';
import type { FontBook } from '../../results/labels/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { RelayBoards } from '../../devices/protocols/index.ts';
import type { RunIo } from '../recording/index.ts';
import type { RegistryClient } from '../../registry-sync/client/index.ts';
import type { Scripts } from '../scripts/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';
import type { Prompt } from '../run-context/index.ts';
import type { ParsedRecipe } from '../recipes/index.ts';
import type { ResumePoint } from './resume.ts';
import type { RunEvent } from './run-events.ts';

/** What every run of a station stands on. */
export interface RunServices {
  readonly platform: Platform;
  readonly database: WritableDatabase;
  readonly ledger: Ledger;
  /** Asked at each use: a station may be bound to a registry while it runs. */
  readonly registry: () => RegistryClient | null;
  readonly station: string;
  readonly appVersion: string;
  /** Reserves a chip id for one slot; faults with `unit-on-two-slots`. */
  readonly reserveUnit: (chipId: string, slot: number) => Disposable;
  /** Puts a question to the person at a slot. Faults: `prompt-unanswered`, the signal's reason. */
  readonly ask: (slot: number, prompt: Prompt, answerMs: number, signal: AbortSignal) => Promise<string>;
  readonly relayBoards: RelayBoards;
  readonly scripts: Scripts;
  readonly fonts: FontBook;
  /** What the run is replayed from; it is recorded when left out. */
  readonly io?: RunIo | undefined;
  /** False when what is replayed is of before logins were told to the registry; true when left out. */
  readonly tellsLogins?: boolean | undefined;
  /** How long to wait for space when a run's end cannot be written: until this fires. Not at all when left out. */
  readonly waitForSpace?: AbortSignal | undefined;
}

/** One unit, to be run. */
export interface RunRequest {
  readonly batchId: string;
  readonly recipe: ParsedRecipe;
  readonly slot: number;
  readonly portPath: string;
  /** Port of the fixture's board; `null` when it has none. */
  readonly boardPath: string | null;
  readonly serialNumber: string | null;
  readonly operator: string;
  /** A run that a crash cut off, to be taken up again; a new one when left out. */
  readonly resume?: ResumePoint | undefined;
}

/** A run under way. */
export interface Work {
  readonly runId: string;
  readonly startedAt: number;
  /** Wall clock at which this part of the run began: what it measures by the monotonic clock is counted from here. */
  readonly baseMs: number;
  readonly order: RunRequest;
  /** Where a run that is taken up again goes on; `null` for a new one. */
  readonly resume: ResumePoint | null;
  readonly emit: (event: RunEvent) => void;
}
