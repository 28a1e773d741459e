import type { FailureView, RunSummary, StationContract } from '#shared/contract/index.ts';
import type { FaultCode } from '#shared/domain/fault.ts';
import type { Outcome } from '#shared/domain/outcome.ts';
import type { CallOutput } from '#shared/rpc/index.ts';

type RunRecord = CallOutput<StationContract, 'runs.get'>;

const WRONG: readonly (readonly [
  outcome: Outcome,
  code: FaultCode,
  phase: string,
  step: string,
  message: string,
])[] = [
  ['FAIL', 'limit-exceeded', 'radio', 'rssi', 'rssi is -81 dBm, at least -70 dBm is wanted'],
  ['FAIL', 'device-silent', 'identify', 'identify', 'no reply to AT within 3000 ms, 3 attempts'],
  ['TIMEOUT', 'timeout', 'online', 'prove-online', 'the phase took longer than 30 s'],
  ['ERROR', 'port-lost', 'burn', 'burn-triple', '/dev/ttyUSB2 went away'],
  ['ABORTED', 'cancelled', 'radio', 'rssi', 'stopped by the operator'],
];
const COUNT = 30;

/** The latest runs of a batch, newest first; every fifth did not pass. */
export function runsOf(batchId: string, nowMs: number): RunSummary[] {
  return Array.from({ length: COUNT }, (_, index) => {
    const number = COUNT - index;
    const wrong = number % 5 === 0 ? WRONG[(number / 5) % WRONG.length] : undefined;
    const startedAtMs = nowMs - index * 52_000 - 20_000;
    const failure: FailureView | null =
      wrong === undefined
        ? null
        : {
            code: wrong[1],
            phase: wrong[2],
            step: wrong[3],
            message: wrong[4],
            hint: null,
            details:
              wrong[1] === 'limit-exceeded'
                ? { measurement: 'rssi', value: '-81 dBm', limits: '≥ -70 dBm' }
                : {},
          };
    return {
      runId: `run-${number}`,
      batchId,
      slot: (number % 4) + 1,
      serialNumber: `SN2611200${String(100 + number)}`,
      chipId:
        failure?.phase === 'identify'
          ? null
          : `7CDFA1B0C5${number.toString(16).toUpperCase().padStart(2, '0')}`,
      deviceName: failure === null || failure.phase === 'radio' ? `dev_${4200 + number}` : null,
      outcome: wrong?.[0] ?? 'PASS',
      startedAtMs,
      finishedAtMs: startedAtMs + 13_000 + ((number * 377) % 4_000),
      failure,
    };
  });
}

export function recordOf(runId: string, nowMs: number): RunRecord {
  const run = runsOf('b-1', nowMs).find((one) => one.runId === runId) ?? runsOf('b-1', nowMs)[0];
  if (run === undefined) throw new Error('there are always runs');
  const { failure } = run;
  const plan = [
    ['identify', 'identify', 820],
    ['burn', 'burn-triple', 2_140],
    ['radio', 'flash-size', 96],
    ['radio', 'rssi', 180],
    ['online', 'prove-online', 6_210],
    ['label', 'label', 45],
  ] as const;
  const until = failure === null ? plan.length : plan.findIndex(([, step]) => step === failure.step) + 1;
  const rssi = failure?.step === 'rssi' ? -81 : -58;
  const measured = { phase: 'radio', attempt: 1, outcome: 'PASS' as const };
  return {
    run,
    steps: plan.slice(0, until).map(([phase, step, ms], index) => {
      const last = failure !== null && index === until - 1;
      return {
        phase,
        step,
        attempt: 1,
        ms,
        outcome: last ? (run.outcome ?? 'ERROR') : 'PASS',
        failure: last ? failure : null,
      };
    }),
    measurements: [
      { ...measured, step: 'flash-size', name: 'flash-size', value: 4, unit: 'MB', limits: '1 … 16 MB' },
      {
        ...measured,
        step: 'rssi',
        name: 'rssi',
        value: rssi,
        unit: 'dBm',
        limits: '≥ -70 dBm',
        outcome: rssi < -70 ? ('FAIL' as const) : ('PASS' as const),
      },
    ].filter(({ step }) => plan.slice(0, until).some(([, done]) => done === step)),
  };
}

/** Something that looks like a label; the real one is drawn by the station. */
export const LABEL_SVG = label();

function label(): string {
  const cells = Array.from({ length: 21 * 21 }, (_, index) => {
    const [x, y] = [index % 21, Math.floor(index / 21)];
    const corner = (x < 7 && y < 7) || (x > 13 && y < 7) || (x < 7 && y > 13);
    const [cx, cy] = [x % 14, y % 14];
    const ring = Math.max(Math.abs(cx - 3), Math.abs(cy - 3));
    const dark = corner ? ring === 3 || ring < 2 : (x * 7 + y * 13 + x * y) % 3 === 0;
    return dark ? `<path d="M${x} ${y}h1v1h-1z"/>` : '';
  }).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 62 29" font-family="sans-serif" font-size="3.2">
<rect width="62" height="29" fill="#fff"/><g transform="translate(3 4)">${cells}</g>
<g transform="translate(28 9)"><text font-weight="bold">SN2611200130</text><text y="6">dev_4230</text><text y="12">HK2QX1JY7C</text></g></svg>`;
}
