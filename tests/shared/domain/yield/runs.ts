import type { Outcome } from '#shared/domain/outcome.ts';
import type { YieldMeasurement, YieldRun, YieldRunDetail, YieldStep } from '#shared/domain/yield/index.ts';

/** Minutes since midnight of `hh:mm`, as Unix milliseconds of some day. */
export function clock(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return (hours * 60 + minutes) * 60_000;
}

/** A finished run of a table: a minute long, in slot 1 of batch B, unless it says otherwise. */
export function yieldRun(row: number, outcome: Outcome, more: Partial<YieldRun> = {}): YieldRun {
  const startedAtMs = more.startedAtMs ?? row * 60_000;
  return {
    row,
    chip: null,
    serial: null,
    outcome,
    startedAtMs,
    finishedAtMs: startedAtMs + 60_000,
    batchId: 'B',
    slot: 1,
    station: 'L3-07',
    operator: 'Li',
    recipeVersion: '1.4.0',
    recipeHash: '9f3c07d2a41be658',
    failure:
      outcome === 'PASS'
        ? null
        : { code: 'device-silent', phase: 'main', step: 'read', message: 'no answer', measurement: null },
    ...more,
  };
}

/** Steps by `phase/step`, with attempts and outcomes as a run has them: `['main/rssi', 'FAIL', 'PASS']`. */
export function stepsOf(...plan: readonly (readonly [string, ...Outcome[]])[]): YieldStep[] {
  return plan
    .flatMap(([place, ...outcomes]) =>
      outcomes.map((outcome, index) => {
        const [phase = '', step = ''] = place.split('/');
        return { phase, step, attempt: index + 1, outcome };
      }),
    )
    .map((step, seq) => ({ seq, ...step }));
}

export function measurement(
  stepSeq: number,
  value: number,
  more: Partial<YieldMeasurement> = {},
): YieldMeasurement {
  return {
    stepSeq,
    name: 'rssi',
    value,
    unit: 'dBm',
    low: -70,
    high: null,
    outcome: value >= -70 ? 'PASS' : 'FAIL',
    at: null,
    relative: false,
    ...more,
  };
}

export function detailOf(steps: YieldStep[], measurements: YieldMeasurement[] = []): YieldRunDetail {
  return { steps, measurements };
}
