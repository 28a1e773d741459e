import { encodeDeviceQr } from '#shared/codec/qr/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { StepOf } from '#shared/domain/recipe.ts';
import type { RunContext } from '../run-context.ts';

/** Makes sure that the unit can have its label: the payload fits and names the identity that was read back. */
export async function label(_step: StepOf<'label'>, run: RunContext): Promise<void> {
  if (run.bound === null || run.unit === null)
    throw new Fault('recipe-invalid', 'label needs a burn-triple step before it');
  const payload = encodeDeviceQr({
    productId: run.bound.productId,
    deviceName: run.bound.deviceName,
    ...(run.serialNumber === null ? {} : { serialNumber: run.serialNumber }),
    chipId: run.unit.info.chipId,
  });
  run.measure({ name: 'label-payload', value: payload, unit: null, limits: '', outcome: 'PASS' });
}
