import { Fault } from '#shared/domain/fault.ts';

import type { FaultName, UnitFault } from '../faults/index.ts';
import type { DeviceProfile } from '../profiles/index.ts';

export interface FaultChange {
  readonly clear?: boolean | undefined;
  readonly remove?: readonly FaultName[] | undefined;
  readonly add?: readonly UnitFault[] | undefined;
}

/** Refuses a fault that this family cannot have. Faults: `bad-input`. */
export function checkFault(profile: DeviceProfile, fault: UnitFault): void {
  if (fault.fault !== 'drift' || fault.value === '*') return;
  const values = profile.values ?? [];
  if (values.includes(fault.value)) return;
  throw new Fault(
    'bad-input',
    `a ${profile.name} measures no ${JSON.stringify(fault.value)} that could drift`,
    {
      hint: values.length === 0 ? 'it measures nothing' : `it measures ${values.join(', ')}`,
    },
  );
}
