import type { UnitReport } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { BoundTriple } from '../identity/index.ts';
import { actionsFor } from './unit-report.ts';

export function cannotErase(): Fault {
  return new Fault('bad-input', 'units of this recipe cannot forget their identity', {
    hint: 'Its recipe has no device.identity.erase. Write the unit off, or give it another identity.',
  });
}

/** Refuses an action that the verdict about a unit does not allow. Faults: `bad-input`. */
export function requireAllowed(
  action: 'keep' | 'reissue' | 'retire',
  report: UnitReport,
  bound: BoundTriple | null,
): void {
  const { verdict, actions } = report;
  if (actionsFor(verdict, bound !== null).includes(action)) return;
  throw new Fault('bad-input', `"${action}" is not possible for a unit that is ${verdict}`, {
    hint: `Possible: ${actions.join(', ') || 'nothing'}.`,
    details: { action, verdict },
  });
}
