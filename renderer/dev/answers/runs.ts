import type { DialogueEntry, FoundRun, ReplayView, RunFilter, SavedFilter } from '#shared/contract/index.ts';
import { foundRuns, RECIPE_TITLES, runRecord } from '../fixtures/runs.ts';
import { RECIPE } from '../fixtures/station.ts';
import type { Answers } from '../mock-station.ts';
import { MADE } from './batches.ts';
import { attachmentsAt } from '../fixtures/attachments.ts';
import { provisioningAt } from '../fixtures/provisioning.ts';
import { wait } from './wait.ts';

/** Runs of all batches, their recordings, and saved filters. */
export function runAnswers(nowMs: number, count?: number): Answers {
  let saved: SavedFilter[] = [];
  let runs: FoundRun[] | null = null;
  const matching = (filter: RunFilter): FoundRun[] =>
    (runs ??= foundRuns(nowMs, count)).filter((run) => matches(run, filter));
  const runStartOf = (wanted: string): number | null =>
    wanted === 'run-29' ? (matching({}).find(({ runId }) => runId === wanted)?.startedAtMs ?? nowMs) : null;
  return {
    'attachments.list': () => ({ attachments: attachmentsAt(nowMs) }),
    'attachments.text': { text: 't,V\n0,3.31\n10,3.30\n20,3.29\n', isCut: false },
    'runs.search': ({ filter, cursor, direction, atMs, limit }) => {
      const all = matching(filter);
      const beyond = all.filter((run) => {
        if (cursor === null) return atMs === undefined || run.startedAtMs < atMs;
        return direction === 'older' ? rowOf(run) < Number(cursor) : rowOf(run) > Number(cursor);
      });
      const page = direction === 'older' || cursor === null ? beyond.slice(0, limit) : beyond.slice(-limit);
      const [first, last] = [page[0], page.at(-1)];
      return {
        runs: page,
        older: last === undefined || last === all.at(-1) ? null : String(rowOf(last)),
        newer:
          first === undefined
            ? atMs === undefined || all.length === 0
              ? null
              : '0'
            : first === all[0]
              ? null
              : String(rowOf(first)),
      };
    },
    'runs.count': ({ filter, max }) => {
      const { length } = matching(filter);
      return { runs: Math.min(length, max), more: length > max };
    },
    'runs.neighbours': ({ runId, filter }) => {
      const ids = matching(filter).map((run) => run.runId);
      const at = ids.indexOf(runId);
      return { newer: ids[at - 1] ?? null, older: at < 0 ? null : (ids[at + 1] ?? null) };
    },
    'runs.choices': {
      operators: ['Li Na', 'Wang Fang'],
      stations: ['L3-07'],
      slots: [1, 2, 3, 4],
      recipes: [{ hash: RECIPE.hash, name: RECIPE.name, version: RECIPE.version }],
      failures: [
        { code: 'limit-exceeded', phase: 'radio', step: 'rssi', measurement: 'rssi', runs: 2 },
        { code: 'device-silent', phase: 'identify', step: 'identify', measurement: null, runs: 1 },
      ],
      recipeTitles: RECIPE_TITLES,
    },
    'runs.dialogue': ({ from, limit }) => ({
      entries: DIALOGUE.slice(from, from + limit),
      total: DIALOGUE.length,
      cutOff: false,
    }),
    'runs.provisioning': ({ runId }) => provisioningAt(runStartOf(runId)),
    'runs.replay': ({ runId }) => ({ replays: [replayOf(runId, nowMs)] }),
    'runs.judgeWith': ({ runId }) => ({ replays: [replayOf(runId, nowMs)] }),
    'savedFilters.list': () => ({ filters: saved }),
    'savedFilters.save': ({ name, filter, columns }) => {
      const others = saved.filter((one) => one.name !== name);
      saved = [...others, { filterId: name, name, by: 'Chen', savedAtMs: nowMs, filter, columns }];
      return { filters: saved };
    },
    'savedFilters.remove': ({ filterId }) => {
      saved = saved.filter((one) => one.filterId !== filterId);
      return { filters: saved };
    },
    'reports.exportRuns': async ({ filter, format }, { station, signal }) => {
      const { length: totalRuns } = matching(filter);
      const fileId = 'f-2';
      try {
        for (const share of [0, 0.5]) {
          const runs = Math.ceil(totalRuns * share);
          const running = { fileId, batchId: null, format, runs, totalRuns: null, share, leftMs: 90_000 };
          station.publish('exports', { running: [running] });
          await wait(60, signal);
        }
      } finally {
        station.publish('exports', { running: [] });
      }
      return { fileId, name: `L3-07_runs_20261120-1403.${format}`, runs: totalRuns, ...MADE };
    },
    'reports.exportUnit': ({ unit, format }) => ({
      fileId: 'f-3',
      name: `L3-07_${unit}_20261120-1403.${format}`,
      runs: 2,
      ...MADE,
    }),
  };
}

/** Rows are numbered in the order in which their runs began. */
const rowOf = ({ runId }: FoundRun): number => Number(runId.slice('run-'.length));

function matches(run: FoundRun, filter: RunFilter): boolean {
  const names = [run.serialNumber, run.chipId, run.deviceName].join(' ').toUpperCase();
  const { text, serialNumber, outcomes, slot, failureCode, failurePhase } = filter;
  return (
    (text === undefined || names.includes(text.toUpperCase())) &&
    (serialNumber === undefined || run.serialNumber === serialNumber) &&
    (failurePhase === undefined || run.failure?.phase === failurePhase) &&
    (outcomes === undefined || outcomes.includes(run.outcome ?? 'running')) &&
    (slot === undefined || run.slot === slot) &&
    (failureCode === undefined || run.failure?.code === failureCode)
  );
}

const said = { phase: 'identify', step: 'identify', attempt: 1, hex: null, masked: false, port: null };
const DIALOGUE: readonly DialogueEntry[] = [
  { ...said, index: 0, atMs: 2, kind: 'sent', port: 'unit', text: 'AT\\r\\n', hex: '41 54 0D 0A' },
  { ...said, index: 1, atMs: 31, kind: 'received', port: 'unit', text: 'OK\\r\\n', hex: '4F 4B 0D 0A' },
  { ...said, index: 2, atMs: 820, kind: 'outcome', text: 'PASS · 820 ms' },
];

function replayOf(runId: string, nowMs: number): ReplayView {
  const { run, steps } = runRecord(runId, nowMs);
  const { hash, name, version } = RECIPE;
  return {
    recipe: { recorded: { hash, name, version }, replayed: { hash, name, version } },
    recorded: run.outcome,
    replayed: run.outcome,
    failure: run.failure,
    same: true,
    sameMeasurements: true,
    completeUntilMs: null,
    firstUnanswered: null,
    steps: steps.map(({ phase, step, attempt, outcome, failure }) => ({
      phase,
      step,
      attempt,
      recorded: { outcome, failure, measured: [] },
      replayed: { outcome, failure, measured: [] },
      same: true,
      unanswered: false,
    })),
    differences: [],
  };
}
