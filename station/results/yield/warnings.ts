import type { YieldWarning } from '#shared/contract/yield.ts';
import type { MeasuredSeries } from '#shared/domain/yield/index.ts';

/** Fewer values give no reliable Cpk. */
const MIN_VALUES = 30;
/** Below this the mean is less than 3σ away from a limit. */
const MIN_CPK = 1;
const MAX_WARNINGS = 5;

/** Measurements that drift towards a limit, the soonest first, then those with a low Cpk, the lowest first. */
export function warningsOf(measurements: readonly MeasuredSeries[]): YieldWarning[] {
  const drifting: (YieldWarning & { kind: 'drift' })[] = [];
  const incapable: (YieldWarning & { kind: 'incapable' })[] = [];
  for (const { phase, step, name, unit, at, capability, drift } of measurements) {
    const measurement = { phase, step, name, unit, at };
    const { n, cpk } = capability;
    if (drift.reaches !== null) drifting.push({ kind: 'drift', ...measurement, ...drift.reaches });
    else if (cpk !== null && cpk < MIN_CPK && n >= MIN_VALUES)
      incapable.push({ kind: 'incapable', ...measurement, cpk });
  }
  drifting.sort((a, b) => a.units - b.units);
  incapable.sort((a, b) => a.cpk - b.cpk);
  return [...drifting, ...incapable].slice(0, MAX_WARNINGS);
}
