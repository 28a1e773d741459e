import type { YieldWarning } from '#shared/contract/yield.ts';
import type { MeasuredSeries } from '#shared/domain/yield/index.ts';

/** Below this many values Cpk says more about luck than about the process. */
const LEAST_VALUES = 30;
/** A process whose mean is less than 3σ away from a limit. */
const INCAPABLE_CPK = 1;
const MOST = 5;

/** What somebody should look at before units fail for it: what will reach a limit first, then what is closest to one. */
export function warningsOf(measurements: readonly MeasuredSeries[]): YieldWarning[] {
  const drifting: (YieldWarning & { kind: 'drift' })[] = [];
  const incapable: (YieldWarning & { kind: 'incapable' })[] = [];
  for (const { phase, step, name, unit, at, capability, drift } of measurements) {
    const place = { phase, step, name, unit, at };
    const { n, cpk } = capability;
    if (drift.reaches !== null) drifting.push({ kind: 'drift', ...place, ...drift.reaches });
    else if (cpk !== null && cpk < INCAPABLE_CPK && n >= LEAST_VALUES)
      incapable.push({ kind: 'incapable', ...place, cpk });
  }
  drifting.sort((a, b) => a.units - b.units);
  incapable.sort((a, b) => a.cpk - b.cpk);
  return [...drifting, ...incapable].slice(0, MOST);
}
