import { unitIdOrNull } from '#shared/domain/unit-id.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { RunRow, ReadableDatabase } from '../../core/database/index.ts';
import { unitLabel, type UnitLabel } from './render-label.ts';

/**
 * The label of a run's unit with its present identity, which a return may have changed.
 * Faults: `bad-input` when the run did not pass, or its unit has no identity now.
 */
export function runLabel(database: ReadableDatabase, run: RunRow, productName: string): UnitLabel {
  const now = run.unitId === null ? null : database.triples.findLiveOfUnit(run.unitId);
  if (run.outcome !== 'PASS' || now === null) {
    const reason = run.outcome === 'PASS' ? 'has no identity any more' : 'did not pass';
    throw new Fault('bad-input', `the unit of run ${run.runId} ${reason}, so it has no label`, {
      hint: 'Only a unit that passed and holds an identity is labelled.',
    });
  }
  const { serialNumber, chipId } = run;
  const device = {
    productId: now.productId,
    deviceName: now.deviceName,
    ...(serialNumber === null ? {} : { serialNumber }),
    ...(chipId === null ? {} : { chipId }),
  };
  return unitLabel(device, productName, unitIdOrNull(run));
}
