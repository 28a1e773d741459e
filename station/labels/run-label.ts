import { Fault } from '#shared/domain/fault.ts';
import type { RunRow } from '../store/index.ts';
import { unitLabel, type UnitLabel } from './render-label.ts';

/** The label of a run's unit. Faults: `bad-input` when the run did not pass or gave no identity. */
export function runLabel(run: RunRow, productName: string): UnitLabel {
  if (run.outcome !== 'PASS' || run.productId === null || run.deviceName === null) {
    throw new Fault('bad-input', `run ${run.runId} did not pass, so its unit has no label`, {
      hint: 'Only a unit that passed is labelled.',
    });
  }
  const { productId, deviceName, serialNumber, chipId } = run;
  const device = {
    productId,
    deviceName,
    ...(serialNumber === null ? {} : { serialNumber }),
    ...(chipId === null ? {} : { chipId }),
  };
  return unitLabel(device, productName);
}
