import { Fault } from '#shared/domain/fault.ts';
import type { Triple } from '#shared/domain/triple.ts';
import { requireRegistry } from '../../registry-sync/client/index.ts';
import type { RunContext } from '../run-context/index.ts';

/** Writes a triple into the unit, or has the unit get it itself. */
export type GiveTriple = (triple: Triple, signal: AbortSignal) => Promise<void>;

/**
 * A unit that registers itself: reads the product secret at the registry, which is masked from then on, and returns what gives it to
 * the unit with the name. The unit then has the DeviceSecret that the registry leased with the name, or none.
 * Faults: `recipe-invalid`, `not-configured`, those of the registry, the signal's reason.
 */
export async function byRegistration(run: RunContext, signal: AbortSignal): Promise<GiveTriple> {
  const { device, recipe } = run;
  const register = device.registerIdentity?.bind(device);
  if (register === undefined)
    throw new Fault('recipe-invalid', 'this device cannot register itself', {
      hint: 'Leave "by: registration" out of burn-triple.',
    });
  const { product } = recipe;
  const { registerType, productSecret } = await requireRegistry(run.registry).readRegistration(
    product,
    signal,
  );
  if (registerType === 0 || productSecret === null)
    throw new Fault(
      'not-configured',
      `the registry does not let units of ${product} register: ${registerType === 0 ? 'it is switched off' : 'the product has no secret'}`,
      { hint: 'Use "registry registration set" and "registry registration secret" at the registry.' },
    );
  return ({ productId, deviceName, deviceSecret }, until) => {
    // The unit gets it from the registry, and may write it to its log.
    run.io.mask.protect([deviceSecret]);
    return register({ productId, deviceName }, productSecret, until);
  };
}
