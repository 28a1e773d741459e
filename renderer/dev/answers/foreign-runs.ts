import type { ForeignPreview, ForeignRunDetails, ForeignRunView } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { OUTCOMES } from '#shared/domain/outcome.ts';
import type { Answers } from '../mock-station.ts';

export interface ForeignScene {
  readonly count?: number;
  /** What each file that is sent turns out to be. */
  readonly file?: 'good' | 'errors' | 'columns';
}

const HEADER = ['SN', 'Result', 'Date', 'Tester', 'Vbat [V]', 'Current [mA]'];
const COLUMNS = new Fault(
  'csv-invalid',
  'no column for outcome and started; the file has: SN, Result, Date',
  {
    details: { missing: 'outcome started' },
  },
);

/** Imported runs and files of runs. */
export function foreignRunAnswers(nowMs: number, { count = 120, file = 'good' }: ForeignScene = {}): Answers {
  const runs = Array.from({ length: count }, (_, n) => foreignRun(nowMs, n + 1));
  const preview = (isMapped: boolean): ForeignPreview => {
    const isUnknown = file === 'columns' && !isMapped;
    const rejectedRows = [
      { line: 7, reason: 'no such outcome: maybe' },
      { line: 12, reason: 'started is no time of the given form: 30.02.2026' },
      {
        line: 31,
        reason: 'the run 0190b2f4-6c1e-7a3b-9c4d-5e6f7a8b9c0d is here already, with other content',
      },
    ];
    const hasErrors = file === 'errors';
    return {
      fileName: 'runs.csv',
      kind: 'csv',
      header: HEADER,
      problem: isUnknown ? COLUMNS.toView() : null,
      rows: isUnknown ? 0 : 400,
      good: isUnknown ? 0 : 380,
      doubles: isUnknown ? 0 : 12,
      unfinished: 0,
      rejected: hasErrors ? 8 : 0,
      rejectedRows: hasErrors ? rejectedRows : [],
      examples: isUnknown
        ? []
        : runs.slice(0, 3).map(({ serialNumber, outcome, startedAtMs, station }) => ({
            serialNumber,
            outcome,
            startedAtMs,
            station,
          })),
    };
  };
  return {
    'foreignRuns.search': ({ filter, cursor, limit }) => {
      const matching = runs.filter(
        ({ serialNumber, outcome }) =>
          (filter.text === undefined || serialNumber?.includes(filter.text) === true) &&
          (filter.outcomes === undefined || filter.outcomes.includes(outcome)),
      );
      const from = cursor === null ? 0 : Number(cursor);
      const page = matching.slice(from, from + limit);
      return {
        runs: page,
        older: from + limit < matching.length ? String(from + limit) : null,
        count: { runs: matching.length, more: false },
      };
    },
    'foreignRuns.get': ({ runId }) => {
      const run = runs.find((one) => one.runId === runId);
      if (run === undefined) throw new Fault('not-found', `there is no imported run ${runId}`);
      return { run, recipe: { name: 'bench 4', version: '2' }, steps: STEPS };
    },
    'foreignRuns.sources': {
      sources:
        count === 0
          ? []
          : [
              { sourceId: 's-2', kind: 'station', name: 'L3-09', runs: count - 20, importedBy: 'Wang Fang', importedAtMs: nowMs - 3_600_000 },
              { sourceId: 's-1', kind: 'csv', name: 'line-4-2026-11.csv', runs: 20, importedBy: 'Wang Fang', importedAtMs: nowMs - 90_000_000 },
            ],
    },
    'foreignRuns.preview': ({ map }) => preview(map?.outcome !== undefined),
    'foreignRuns.import': ({ skipBad }) => {
      const { rows, good, doubles, unfinished, rejected, rejectedRows } = preview(true);
      const added = rejected > 0 && skipBad !== true ? 0 : good;
      return { kind: 'csv', name: 'runs.csv', sourceId: added > 0 ? 's-3' : null, added, rows, doubles, unfinished, rejected, rejectedRows };
    },
    'foreignRuns.discard': {},
  }; // prettier-ignore
}

function foreignRun(nowMs: number, n: number): ForeignRunView {
  const outcome = n % 7 === 0 ? (OUTCOMES[n % OUTCOMES.length] ?? 'PASS') : 'PASS';
  const startedAtMs = nowMs - n * 95_000;
  return {
    runId: `f-${n}`,
    sourceId: n % 6 === 0 ? 's-1' : 's-2',
    station: n % 6 === 0 ? 'line 4' : 'L3-09',
    batch: 'WO-2026-11-07',
    serialNumber: `SN${String(1000 + n)}`,
    unitId: n % 6 === 0 ? null : `A2:B7:16:CA:2C:${n.toString(16).padStart(2, '0').toUpperCase()}`,
    deviceName: null,
    outcome,
    failure:
      outcome === 'PASS'
        ? null
        : {
            code: 'limit-exceeded',
            phase: 'radio',
            step: 'rssi',
            message: 'rssi is -91 dBm, the limit is -80 dBm',
          },
    startedAtMs,
    finishedAtMs: startedAtMs + 21_400,
    operator: 'Li Na',
  };
}

const STEPS: ForeignRunDetails['steps'] = [
  { phase: 'setup', step: 'connect', attempt: 1, outcome: 'PASS', ms: 412, failure: null, measurements: [] },
  {
    phase: 'power',
    step: 'voltage',
    attempt: 1,
    outcome: 'PASS',
    ms: 1204,
    failure: null,
    measurements: [
      { name: 'Vbat', value: 3.31, unit: 'V', limits: '3.1 … 3.5 V', outcome: 'PASS' },
      { name: 'ready', value: true, unit: null, limits: '', outcome: 'PASS' },
    ],
  },
  {
    phase: 'radio',
    step: 'rssi',
    attempt: 2,
    outcome: 'PASS',
    ms: 3020,
    failure: null,
    measurements: [{ name: 'rssi', value: -61, unit: 'dBm', limits: '≥ -80 dBm', outcome: 'PASS' }],
  },
];
