import type { DeviceContext } from '../../profiles/profile.ts';

const FRESH_PERCENT = 96;
/** Four alkaline cells: 4.0 V empty, 6.2 V full. */
const EMPTY_MV = 4_000;
const MV_PER_PERCENT = 22;
export const LOW_PERCENT = 20;

export interface BatteryLevel {
  /** From -1 (unknown) to 100, as in the property. */
  readonly percent: number;
  readonly mV: number;
}

/** The battery level that the lock measures now. */
export function batteryLevel({ measure, random }: DeviceContext): BatteryLevel {
  const percent = Math.max(-1, Math.min(100, Math.round(measure('battery', FRESH_PERCENT))));
  return { percent, mV: EMPTY_MV + MV_PER_PERCENT * percent + random.integer(-8, 8) };
}
