import { Fault } from '#shared/domain/fault.ts';
import type { StepOf } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';

/** Ends the binding of the unit to this station. Faults: `not-online`, those of `Provisioning.release`. */
export async function unbind(step: StepOf<'unbind'>, run: RunContext, signal: AbortSignal): Promise<void> {
  const release = await run.provisioning.release(signal);
  if (release === null) return;
  const { released, told } = release;
  const value = released ? 'released' : 'not-bound';
  run.measure({ name: 'unbound', value, unit: null, limits: '', outcome: 'PASS' });
  if (told || !step.connected) return;
  const deviceName = run.bound?.deviceName ?? 'the unit';
  throw new Fault(
    'not-online',
    `${deviceName} was released at the registry and is not connected: it was not told`,
    {
      hint: 'Put "unbind" before "log-out" and before the power is switched off. The unit is told when it logs in again.',
      details: { deviceName },
    },
  );
}
