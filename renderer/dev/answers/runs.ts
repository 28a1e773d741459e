import type { DialogueEntry, ReplayView, RunFilter, SavedFilter } from '#shared/contract/index.ts';
import { foundRuns, PHASE_TITLES, runRecord } from '../fixtures/runs.ts';
import { RECIPE } from '../fixtures/station.ts';
import type { Answers } from '../mock-station.ts';

/** Runs of all batches, their recordings, and saved filters. */
export function runAnswers(nowMs: number): Answers {
  let saved: SavedFilter[] = [];
  const matching = (filter: RunFilter) => foundRuns(nowMs).filter((run) => matches(run, filter));
  return {
    'runs.search': ({ filter, cursor, direction, limit }) => {
      const all = matching(filter);
      const at = cursor === null ? 0 : Number(cursor);
      const begin = direction === 'older' ? at : Math.max(0, at - limit);
      const end = direction === 'older' ? begin + limit : at;
      return {
        runs: all.slice(begin, end),
        older: end < all.length ? String(end) : null,
        newer: begin > 0 ? String(begin) : null,
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
      phaseTitles: PHASE_TITLES,
    },
    'runs.dialogue': ({ from, limit }) => ({
      entries: DIALOGUE.slice(from, from + limit),
      total: DIALOGUE.length,
      cutOff: false,
    }),
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
    'reports.exportRuns': ({ filter, format }) => ({
      fileId: 'f-2',
      name: `L3-07_runs_20261120-1403.${format}`,
      runs: matching(filter).length,
      bytes: 12_480,
    }),
  };
}

function matches(run: ReturnType<typeof foundRuns>[number], filter: RunFilter): boolean {
  const names = [run.serialNumber, run.chipId, run.deviceName].join(' ').toUpperCase();
  const { text, outcomes, slot, failureCode } = filter;
  return (
    (text === undefined || names.includes(text.toUpperCase())) &&
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
