import { type Command, InvalidArgumentError, Option } from 'commander';
import type { RunFilter } from '#shared/contract/index.ts';
import { Fault, FAULT_CODES, type FaultCode } from '#shared/domain/fault.ts';
import { OUTCOMES, type Outcome } from '#shared/domain/outcome.ts';
import { macOrNull, unitIdOrNull } from '#shared/domain/unit-id.ts';
import { type CommonOptions, command, wholeNumber } from '../command.ts';
import { formatLocalTime } from '../format-time.ts';
import { BATCH_HELP, findBatch } from '../lookup/batch.ts';
import type { RunRow } from '../lookup/run.ts';
import { findSerial } from '../lookup/run.ts';
import { createOutput, table } from '../output.ts';
import { pointInTime } from '../point-in-time.ts';
import { withDatabase } from '../with-station.ts';

interface RunsOptions extends CommonOptions {
  readonly batch?: string;
  readonly serial?: string;
  readonly outcome?: Outcome | 'running';
  readonly failure?: FaultCode;
  readonly from?: number;
  readonly to?: number;
  readonly limit: number;
}

export function runsCommand(): Command {
  return command('runs', 'runs of this station over all batches, the newest first')
    .option('--batch <batch>', `only of ${BATCH_HELP}`)
    .option('--serial <serial>', 'only of the unit with this serial number')
    .addOption(
      new Option('--outcome <outcome>', 'only those that ended so; running: not ended yet').choices([
        ...OUTCOMES,
        'running',
      ]),
    )
    .option(
      '--failure <code>',
      'only those whose first failure has this code, as limit-exceeded',
      failureCode,
    )
    .option('--from <time>', 'only those started then or later', pointInTime('begin'))
    .option('--to <time>', 'only those started before; a day includes itself', pointInTime('end'))
    .option('--limit <n>', 'maximum number of runs', wholeNumber(1, 1_000_000), 50)
    .action(runs);
}

async function runs(options: RunsOptions): Promise<void> {
  const out = createOutput(options);
  const { batch, serial, outcome, failure, from, to, limit } = options;
  if (from !== undefined && to !== undefined && from >= to) {
    throw new Fault('bad-input', '--from is not before --to', { hint: 'Nothing lies between them.' });
  }
  await withDatabase(options, (database) => {
    const batchId = batch === undefined ? undefined : findBatch(database.batches, batch).batchId;
    const serialNumber = serial === undefined ? undefined : findSerial(database, serial);
    const filter: RunFilter = {
      ...(batchId === undefined ? {} : { batchId }),
      ...(serialNumber === undefined ? {} : { serialNumber }),
      ...(outcome === undefined ? {} : { outcomes: [outcome] }),
      ...(failure === undefined ? {} : { failureCode: failure }),
      ...(from === undefined ? {} : { fromAtMs: from }),
      ...(to === undefined ? {} : { toAtMs: to }),
    };
    const found = database.runSearch.find({ filter, limit: limit + 1 });
    const names = new Map(database.batches.list().map((row) => [row.batchId, row.name]));
    const shown = found.slice(0, limit);
    for (const run of shown) out.event('run.row', rowOf(run, names.get(run.batchId) ?? null));
    if (shown.length === 0) return out.print('no run matches');
    out.print(
      table(
        HEADER,
        shown.map((run) => cellsOf(run, names.get(run.batchId) ?? '')),
      ),
    );
    if (found.length > limit) out.print(`these are the newest ${limit}; --limit shows more`);
  });
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
    run.outcome ?? 'running',
    failure === null ? '' : `${failure.code}${failure.step === '' ? '' : ` (${failure.step})`}`,
    run.deviceName ?? '-',
    String(run.slot),
    batchName,
    run.runId,
  ];
}

function rowOf(run: RunRow, batchName: string | null): object {
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
  };
}

function failureCode(text: string): FaultCode {
  const code = FAULT_CODES.find((known) => known === text);
  if (code !== undefined) return code;
  const near = FAULT_CODES.filter((known) => known.includes(text.toLowerCase().slice(0, 5))).slice(0, 5);
  const like = near.length === 0 ? '' : ` Did you mean ${near.join(', ')}?`;
  throw new InvalidArgumentError(`${text} is no code of a failure.${like}`);
}
