import type { ScanResult } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Recipe } from '#shared/recipe/index.ts';
import { noBatch, startedByNumber } from './scan-faults.ts';
import type { Slots, StartedRun } from './slot-bank.ts';

export interface StartParts {
  readonly slots: Pick<Slots, 'state' | 'isFree' | 'nextFree'>;
  /** The batch that is being worked on. */
  readonly active: () => { readonly batchId: string; readonly recipe: Recipe } | null;
  readonly startUnit: (order: {
    readonly batchId: string;
    readonly serialNumber: string | null;
    readonly operator: string;
    readonly slot?: number;
  }) => Pick<StartedRun, 'slot' | 'runId'>;
}

/**
 * Starts every free slot, as far as the batch still wants units. Faults: `batch-missing`, `serial-blank` when its units are
 * started by their numbers, those of starting when none could be started.
 */
export function startFreeSlots({ slots, active, startUnit }: StartParts, operator: string): ScanResult {
  const batch = active();
  if (batch === null) throw noBatch();
  const { batchId, recipe } = batch;
  if (!recipe.serialNumber.optional) throw startedByNumber();
  // Says why, when there is none.
  slots.nextFree();
  const runs: { slot: number; runId: string }[] = [];
  for (const { slot } of slots.state.slots) {
    if (!slots.isFree(slot)) continue;
    try {
      runs.push({ slot, runId: startUnit({ batchId, serialNumber: null, operator, slot }).runId });
    } catch (error) {
      // What keeps one slot from starting need not keep the others; a batch that is complete keeps all that follow.
      if (!(error instanceof Fault) || runs.length === 0) throw error;
      if (error.code === 'batch-complete') break;
    }
  }
  return { kind: 'started-together', runs };
}
