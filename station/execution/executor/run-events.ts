import type { Fault } from '#shared/domain/fault.ts';
import type { LocalizedText } from '#shared/recipe/index.ts';
import type { FlashProgress } from '../../devices/protocols/index.ts';
import type { UnitId } from '#shared/domain/unit-id.ts';
import type { Prompt } from '../run-context/index.ts';
import type { Outcome, RunFailure } from '#shared/domain/outcome.ts';

/** Events of a run, in order; the last is `finished`, unless the station is closed before. */
export type RunEvent =
  | { readonly kind: 'started'; readonly runId: string; readonly slot: number; readonly atMs: number }
  | { readonly kind: 'unit'; readonly runId: string; readonly chipId: string; readonly unitId: UnitId }
  | { readonly kind: 'identity'; readonly runId: string; readonly deviceName: string | null }
  | {
      readonly kind: 'phase';
      readonly runId: string;
      readonly phase: {
        readonly name: string;
        readonly title: LocalizedText | null;
        readonly index: number;
        readonly count: number;
      };
    }
  | {
      readonly kind: 'step';
      readonly runId: string;
      readonly step: { readonly name: string; readonly title: LocalizedText | null };
      /** 0 … 1 over all steps of the recipe. */
      readonly progress: number;
    }
  /** The run waits until these instruments are lent to it; `null`: no more. */
  | { readonly kind: 'waiting'; readonly runId: string; readonly names: string | null }
  /** The progress of a transfer to the unit; `null` when it has ended. At most ten a second. A return has it, too, under its own id. */
  | { readonly kind: 'flash'; readonly runId: string; readonly progress: FlashProgress | null }
  /** A question to the operator at the slot; `null` when it is open no more. Sent by `Prompts`, not by the executor. */
  | { readonly kind: 'prompt'; readonly runId: string; readonly prompt: Prompt | null }
  /** The run has ended, and the disk takes no record of it; `finished` follows when it does. */
  | { readonly kind: 'unrecorded'; readonly runId: string; readonly fault: Fault }
  | { readonly kind: 'finished'; readonly result: RunResult };

export interface RunResult {
  readonly runId: string;
  readonly slot: number;
  readonly serialNumber: string | null;
  readonly chipId: string | null;
  /** The id that people know the unit by. */
  readonly unitId: UnitId | null;
  readonly productId: string | null;
  readonly deviceName: string | null;
  readonly outcome: Outcome;
  /** It passed without proof of its secret: only its name was read back. */
  readonly unproven: boolean;
  readonly failure: RunFailure | null;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  /** Wall time between start and durable record, milliseconds. */
  readonly ms: number;
}
