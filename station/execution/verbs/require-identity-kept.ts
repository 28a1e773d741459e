import { sameName } from '#shared/domain/burn-decision.ts';
import { Fault } from '#shared/domain/fault.ts';
import { readIdentity } from '../../identity/index.ts';
import type { RunContext } from '../run-context/index.ts';

/** True when a step that writes the flash of the unit may take the identity that this run has burned into it. */
export function mayTakeIdentity({ bound, recipe }: RunContext): boolean {
  return bound !== null && recipe.device.identity?.nvs !== undefined;
}

/**
 * Reads the identity again after a step that may have taken it: a unit without it must not pass. Faults: `read-back-mismatch`, those
 * of `DeviceSession.readIdentity`.
 */
export async function requireIdentityKept(run: RunContext, signal: AbortSignal): Promise<void> {
  const { bound, ledger, device } = run;
  if (bound === null || !mayTakeIdentity(run)) return;
  const reading = await readIdentity(ledger, device, bound, signal);
  if (reading.kind === 'holds' && sameName(reading.name, bound) && reading.secretMatches !== false) return;
  throw new Fault(
    'read-back-mismatch',
    `${bound.deviceName} was burned, and this step has taken it from the unit`,
    {
      hint: 'Put the step before burn-triple in the recipe, or keep the NVS partition out of what it writes.',
      details: { deviceName: bound.deviceName },
    },
  );
}
