import type { Fault } from '#shared/domain/fault.ts';
import type { LocalizedText } from '#shared/recipe/index.ts';
import type { UnitId } from '#shared/domain/unit-id.ts';
import type { Prompt } from '../run-context/index.ts';
import type { Outcome, RunFailure } from '#shared/domain/outcome.ts';

/** What a run tells while it runs, in order; the last is `finished`, unless the station is closed before. */
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
  /** A question to the person at the slot; `null` when it was answered or nobody has to any more. */
  | { readonly kind: 'prompt'; readonly runId: string; readonly prompt: Prompt | null }
  /** Over, and its end cannot be written because the disk is full; `finished` follows when there is space again. */
  | { readonly kind: 'unrecorded'; readonly runId: string; readonly fault: Fault }
  | { readonly kind: 'finished'; readonly result: RunResult };

export interface RunResult {
  readonly runId: string;
  readonly slot: number;
  readonly serialNumber: string | null;
  readonly chipId: string | null;
  /** The same as people know it. */
  readonly unitId: UnitId | null;
  readonly productId: string | null;
  readonly deviceName: string | null;
  readonly outcome: Outcome;
  readonly failure: RunFailure | null;
  readonly startedAtMs: number;
  readonly finishedAtMs: number;
  /** Wall time between start and durable record, milliseconds. */
  readonly ms: number;
}
