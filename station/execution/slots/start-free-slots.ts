import type { ScanResult } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Recipe } from '#shared/recipe/index.ts';
import { noBatch, serialNumberNeeded } from './scan-faults.ts';
import type { Slots, StartedRun } from './slots.ts';

export interface StartOptions {
  readonly slots: Pick<Slots, 'state' | 'isFree' | 'nextFree'>;
  /** The selected batch; `null` when none is selected. */
  readonly selectedBatch: () => { readonly batchId: string; readonly recipe: Recipe } | null;
  readonly startUnit: (request: {
    readonly batchId: string;
    readonly serialNumber: string | null;
    readonly operator: string;
    readonly slot?: number;
  }) => Pick<StartedRun, 'slot' | 'runId'>;
}

/**
 * Starts a unit on every free slot, until the batch is complete. Faults: `batch-missing`, `serial-blank` when the recipe
 * needs serial numbers, those of starting when no unit could be started.
 */
export function startFreeSlots(
  { slots, selectedBatch, startUnit }: StartOptions,
  operator: string,
): ScanResult {
  const batch = selectedBatch();
  if (batch === null) throw noBatch();
  const { batchId, recipe } = batch;
  if (!recipe.serialNumber.optional) throw serialNumberNeeded();
  // Faults when no slot is free.
  slots.nextFree();
  const runs: { slot: number; runId: string }[] = [];
  for (const { slot } of slots.state.slots) {
    if (!slots.isFree(slot)) continue;
    try {
      runs.push({ slot, runId: startUnit({ batchId, serialNumber: null, operator, slot }).runId });
    } catch (error) {
      // Other slots may start although this one cannot; none can when the batch is complete.
      if (!(error instanceof Fault) || runs.length === 0) throw error;
      if (error.code === 'batch-complete') break;
    }
  }
  return { kind: 'started-together', runs };
}
