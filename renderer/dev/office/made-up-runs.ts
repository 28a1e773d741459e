import type { BatchReport, BatchView } from '#shared/contract/index.ts';
import type { FaultCode } from '#shared/domain/fault.ts';
import {
  createYieldCount,
  type YieldCount,
  type YieldFilter,
  type YieldMeasurement,
  type YieldRun,
  type YieldStep,
} from '#shared/domain/yield/index.ts';

/** Why first runs fail, and how many of twenty-two. */
const CAUSES: readonly (readonly [FaultCode, string, string, number, string])[] = [
  ['limit-exceeded', 'radio', 'rssi', 9, 'rssi is -81 dBm, at least -70 dBm is wanted'],
  ['device-silent', 'identify', 'identify', 6, 'no reply to AT within 3000 ms, 3 attempts'],
  ['not-online', 'online', 'prove-online', 4, 'did not log in within 20 s'],
  ['ble-unseen', 'bluetooth', 'advertises', 2, 'not heard within 5000 ms'],
  ['port-lost', 'burn', 'burn-triple', 1, '/dev/ttyUSB2 went away'],
];
const ORDER = CAUSES.flatMap(([, , , runs], cause) => Array.from({ length: runs }, () => cause));
const PLAN: readonly (readonly [string, string])[] = [
  ['identify', 'identify'],
  ['burn', 'burn-triple'],
  ['power', 'supply'],
  ['radio', 'rssi'],
  ['bluetooth', 'advertises'],
  ['online', 'prove-online'],
];

interface Place {
  readonly step: string;
  readonly name: string;
  readonly unit: string;
  readonly low: number | null;
  readonly high: number | null;
  readonly value: (n: number, noise: () => number) => number;
}

const PLACES: readonly Place[] = [
  { step: 'supply', name: 'vcc', unit: 'V', low: 3.1, high: 3.5, value: (n, noise) => 3.29 + n * 0.0011 + noise() * 0.012 },
  { step: 'supply', name: 'idle-current', unit: 'mA', low: null, high: 80, value: (_, noise) => 61 + noise() * 2.4 },
  { step: 'supply', name: 'sleep-current', unit: 'µA', low: null, high: 25, value: (_, noise) => 19.4 + noise() * 2.2 },
  { step: 'rssi', name: 'rssi', unit: 'dBm', low: -70, high: null, value: (_, noise) => Math.round(-57 + noise() * 3.4) },
  { step: 'rssi', name: 'tx-power', unit: 'dBm', low: 8, high: 12, value: (_, noise) => 10.1 + noise() * 0.34 },
  { step: 'rssi', name: 'flash-size', unit: 'MB', low: 1, high: 16, value: () => 4 },
]; // prettier-ignore

/** The runs that a batch of the scripted line would have had: one unit in six fails at first, most pass then. */
export function countMadeUp(batch: BatchView, nowMs: number, filter: YieldFilter = {}): YieldCount {
  const count = createYieldCount({ ...filter, batchId: batch.batchId });
  const units = batch.passed + batch.notPassed;
  const failing = Math.min(ORDER.length, units);
  const every = units / Math.max(1, failing);
  const total = units + failing;
  // Park and Miller's generator, twelve of it summed: the same noise every time.
  let seed = 20_261_120;
  const next = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const noise = (): number => Array.from({ length: 12 }, next).reduce((sum, one) => sum + one, -6);
  let row = 0;
  const add = (unit: number, cause: number | null): void => {
    row += 1;
    const startedAtMs = nowMs - (total - row) * 52_000 - 40_000;
    const [code, phase, step, , message] = (cause === null ? undefined : CAUSES[cause]) ?? [];
    const failure =
      code === undefined
        ? null
        : { code, phase: phase ?? '', step: step ?? '', message: message ?? '', measurement: null };
    const run: YieldRun = {
      row,
      chip: unit,
      serial: `SN${unit}`,
      outcome: code === undefined ? 'PASS' : code === 'port-lost' ? 'ERROR' : 'FAIL',
      startedAtMs,
      finishedAtMs: startedAtMs + 14_320,
      batchId: batch.batchId,
      slot: 1 + (row % 4),
      station: 'L3-07',
      operator: 'dev',
      recipeVersion: batch.recipe.version,
      recipeHash: batch.recipe.hash,
      failure,
    }; // prettier-ignore
    const until = step === undefined ? PLAN.length : PLAN.findIndex(([, name]) => name === step) + 1;
    const steps = PLAN.slice(0, until).map(([inPhase, name], seq): YieldStep => {
      return { seq, phase: inPhase, step: name, attempt: 1, outcome: name === step ? 'FAIL' : 'PASS' };
    });
    count.add(run, { steps, measurements: steps.flatMap((one) => measure(one, unit, code, noise)) });
  };
  let failed = 0;
  for (let unit = 0; unit < units; unit += 1) {
    const fails = failed < failing && unit >= Math.floor(failed * every + every / 2);
    const cause = fails ? (ORDER[(failed * 5) % ORDER.length] ?? null) : null;
    add(unit, cause);
    if (!fails) continue;
    failed += 1;
    // The retest; the last units of the batch stay what they are.
    add(unit, failed > failing - batch.notPassed ? 1 : null);
  }
  return count;
}

function measure(step: YieldStep, unit: number, code: string | undefined, noise: () => number): YieldMeasurement[] {
  return PLACES.filter((place) => place.step === step.step).map(({ name, unit: of, low, high, value }) => {
    const unmet = step.outcome === 'FAIL' && name === 'rssi' && code === 'limit-exceeded';
    const measured = unmet ? -81 + (unit % 7) : value(unit, noise);
    return { stepSeq: step.seq, name, value: measured, unit: of, low, high, outcome: unmet ? 'FAIL' : 'PASS', at: null, relative: false };
  });
} // prettier-ignore

/** The same as the report that the station makes of it. */
export function reportMadeUp(batch: BatchView, nowMs: number): BatchReport {
  const count = countMadeUp(batch, nowMs);
  const { units, runs, firstPass, lastPass, fpy, lpy } = count.figures();
  return {
    batchId: batch.batchId,
    units,
    runs,
    firstPass,
    finalPass: lastPass,
    firstPassYield: fpy,
    finalYield: lpy,
    medianMs: units === 0 ? null : 14_320,
    lastRunAtMs: units === 0 ? null : nowMs - 40_000,
    failures: count.pareto().map(({ code, phase, step, runs: failed, example }) => {
      return { code, phase, step, runs: failed, example };
    }),
  };
}
