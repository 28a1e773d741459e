import type { Command } from 'commander';
import { passedUnproven } from '#shared/domain/read-back.ts';
import { macOrNull, unitIdOrNull } from '#shared/domain/unit-id.ts';
import { type CommonOptions, command, wholeNumber } from '../command.ts';
import { formatLocalTime } from '../format-time.ts';
import type { RunRow } from '../lookup/run.ts';
import { createOutput, table } from '../output.ts';
import { addRunFilter, type RunFilterOptions, runFilterOf } from '../run-filter.ts';
import { withDatabase } from '../with-station.ts';
import { cellsOfForeign, findForeign, rowOfForeign } from './runs/foreign.ts';
import { importCommand } from './runs/import.ts';

interface RunsOptions extends CommonOptions, RunFilterOptions {
  readonly limit: number;
  readonly foreign?: boolean;
}

export function runsCommand(): Command {
  return (
    addRunFilter(command('runs', 'runs of this station over all batches, the newest first'))
      .option('--limit <n>', 'maximum number of runs', wholeNumber(1, 1_000_000), 50)
      .option('--foreign', 'with runs that were imported from other stations and programs')
      .action(runs)
      // Its options after `import` are those of that command.
      .enablePositionalOptions()
      .addCommand(importCommand())
  );
}

async function runs(options: RunsOptions): Promise<void> {
  const out = createOutput(options);
  const { limit } = options;
  await withDatabase(options, (database) => {
    const filter = runFilterOf(database, options);
    const found = database.runSearch.find({ filter, limit: limit + 1 });
    const names = new Map(database.batches.list().map((row) => [row.batchId, row.name]));
    const own = found.map((run) => ({
      startedAtMs: run.startedAtMs,
      event: rowOf(run, names.get(run.batchId) ?? null, database.attachments.countOfRun(run.runId)),
      cells: cellsOf(run, names.get(run.batchId) ?? ''),
    }));
    const foreign =
      options.foreign === true
        ? findForeign(database, filter, limit + 1).map((run) => ({
            startedAtMs: run.startedAtMs,
            event: rowOfForeign(run),
            cells: cellsOfForeign(run),
          }))
        : [];
    const all = mergeNewest(own, foreign);
    const shown = all.slice(0, limit);
    for (const { event } of shown) out.event('run.row', event);
    if (shown.length === 0) return out.print('no run matches');
    out.print(
      table(
        HEADER,
        shown.map(({ cells }) => cells),
      ),
    );
    if (all.length > limit) out.print(`these are the newest ${limit}; --limit shows more`);
  });
}

/** Both are the newest first: those of the station by their rows, because its clock may have been set back. */
function mergeNewest<T extends { readonly startedAtMs: number }>(
  own: readonly T[],
  foreign: readonly T[],
): T[] {
  const merged: T[] = [];
  let next = 0;
  for (const run of own) {
    for (
      let one = foreign[next];
      one !== undefined && one.startedAtMs > run.startedAtMs;
      one = foreign[next]
    ) {
      merged.push(one);
      next += 1;
    }
    merged.push(run);
  }
  return [...merged, ...foreign.slice(next)];
}

const HEADER = [
  'started (local time)',
  'serial number',
  'unit id',
  'outcome',
  'failure',
  'DeviceName',
  'slot',
  'batch',
  'run',
];

function cellsOf(run: RunRow, batchName: string): string[] {
  const { failure } = run;
  return [
    formatLocalTime(run.startedAtMs),
    run.serialNumber ?? '-',
    unitIdOrNull(run)?.text ?? '-',
    `${run.outcome ?? 'running'}${passedUnproven(run) ? ' (unproven)' : ''}`,
    failure === null ? '' : `${failure.code}${failure.step === '' ? '' : ` (${failure.step})`}`,
    run.deviceName ?? '-',
    String(run.slot),
    batchName,
    run.runId,
  ];
}

/** @param attachments how many files it has */
function rowOf(run: RunRow, batchName: string | null, attachments: number): object {
  const { runId, batchId, slot, serialNumber, station, operator, appVersion, outcome, failure } = run;
  const unitId = unitIdOrNull(run);
  return {
    run: runId,
    batch: batchId,
    batchName,
    serialNumber,
    mac: macOrNull(unitId),
    unitId,
    outcome,
    unproven: passedUnproven(run),
    firstFailure: failure,
    productId: run.productId,
    deviceName: run.deviceName,
    slot,
    station,
    operator,
    appVersion,
    recipeHash: run.recipeHash,
    startedAtMs: run.startedAtMs,
    finishedAtMs: run.finishedAtMs,
    ms: run.finishedAtMs === null ? null : run.finishedAtMs - run.startedAtMs,
    attachments,
  };
}
