import { createYielder, type Yielder } from '#node-kit/async/index.ts';
import type { BatchCounts } from '#shared/contract/index.ts';
import { normalizeChipId } from '#shared/domain/triple.ts';
import type { YieldCount, YieldResult, YieldRun, YieldRunDetail } from '#shared/domain/yield/index.ts';
import type { FoundForeignRun, ForeignRunPosition, ReadableDatabase } from '../../core/database/index.ts';
import type { RunDocument } from '../documents/index.ts';
import { fromRecord } from '../foreign-runs/index.ts';
import { createBatchCount } from './batch-count.ts';
import { type CountOptions, extentOf } from './count-batch.ts';

const PAGE_ROWS = 100;
const FOREIGN_PAGE = 50;

interface CountedRun {
  /** Its row is 0 when it was imported. */
  readonly run: YieldRun;
  readonly detail: YieldRunDetail;
}

/** `recentRows` of the measurements are rows of the station's runs; 0 is an imported run. */
export interface CountedWithForeign extends YieldResult {
  readonly report: BatchCounts;
  readonly curve: ReturnType<YieldCount['curve']['result']>;
  /** How many of the runs were imported and met the filter. */
  readonly foreignRuns: number;
}

/**
 * The yields of a batch together with the imported runs of a batch of its name or id. The figures that are kept have no imported runs,
 * so that all runs are counted anew. Runs of this station are in the order of their rows, imported ones come in by their starts; a
 * unit that was tested at two stations is one unit. Faults: `cancelled`.
 */
export async function countWithForeign(
  database: ReadableDatabase,
  batchId: string,
  { filter = {}, signal }: Omit<CountOptions, 'except'>,
): Promise<CountedWithForeign> {
  const yielder = createYielder(signal);
  const count = createBatchCount(filter);
  let row = 0;
  let foreignRuns = 0;
  // The row of each counted run at this station, by its number here.
  const stationRows = [0];
  const add = async ({ run, detail }: CountedRun): Promise<void> => {
    row += 1;
    stationRows.push(run.row);
    if (count.add({ ...run, row }, detail) && run.row === 0) foreignRuns += 1;
    await yielder.afterRows(10 + detail.steps.length + detail.measurements.length);
  };
  const foreign = foreignRunsOf(database, batchId);
  let next = foreign.next();
  for await (const own of ownRuns(database, batchId, yielder)) {
    while (next.done !== true && next.value.run.startedAtMs < own.run.startedAtMs) {
      await add(next.value);
      next = foreign.next();
    }
    await add(own);
  }
  for (; next.done !== true; next = foreign.next()) await add(next.value);
  const { yields } = count;
  const result = yields.result();
  return {
    ...result,
    measurements: result.measurements.map((series) => ({
      ...series,
      recentRows: series.recentRows.map((number) => stationRows[number] ?? 0),
    })),
    report: count.report(batchId),
    curve: yields.curve.result(),
    foreignRuns,
  };
}

async function* ownRuns(
  database: ReadableDatabase,
  batchId: string,
  yielder: Yielder,
): AsyncGenerator<CountedRun> {
  const [first, last] = await extentOf(database, batchId, yielder);
  for (let after = first - 1; after < last; after += PAGE_ROWS) {
    const page = database.yieldRuns.listPage(batchId, after, Math.min(last, after + PAGE_ROWS));
    for (const run of page) yield { run, detail: database.yieldRuns.getDetail(run.runId) };
    await yielder.afterRows(PAGE_ROWS);
  }
}

function* foreignRunsOf(database: ReadableDatabase, batchId: string): Generator<CountedRun> {
  const name = database.batches.findById(batchId)?.name ?? batchId;
  let after: ForeignRunPosition = { startedAtMs: -1, runId: '' };
  for (;;) {
    const page: FoundForeignRun[] = database.foreignRuns.listOfBatch(name, batchId, after, FOREIGN_PAGE);
    const last = page.at(-1);
    if (last === undefined) return;
    for (const found of page) yield toCounted(database, batchId, fromRecord(found.record));
    after = last;
  }
}

function toCounted(database: ReadableDatabase, batchId: string, run: RunDocument): CountedRun {
  const { failure } = run;
  const measurement = failure?.details['measurement'];
  return {
    run: {
      row: 0,
      chip: chipOf(database, run),
      serial: run.serialNumber,
      outcome: run.outcome,
      startedAtMs: run.startedAtMs,
      finishedAtMs: run.finishedAtMs,
      batchId,
      slot: run.slot ?? 0,
      station: run.station,
      operator: run.operator,
      recipeVersion: run.recipe.version,
      recipeHash: run.recipe.hash,
      failure:
        failure === null
          ? null
          : {
              code: failure.code,
              phase: failure.phase,
              step: failure.step,
              message: failure.message,
              measurement: typeof measurement === 'string' ? measurement : null,
            },
    },
    detail: detailOf(run),
  };
}

/** The unit of this station with the same chip, else the chip itself. */
function chipOf({ units }: ReadableDatabase, { unitId }: RunDocument): string | number | null {
  if (unitId === null) return null;
  const chip = unitId.kind === 'serial-number' ? null : normalizeChipId(unitId.text);
  return (chip === null ? null : units.findByChip(chip)?.unitId) ?? `${unitId.kind} ${unitId.text}`;
}

function detailOf({ steps }: RunDocument): YieldRunDetail {
  return {
    steps: steps.map(({ phase, step, attempt, outcome }, index) => ({
      seq: index + 1,
      phase,
      step,
      attempt,
      outcome,
    })),
    measurements: steps.flatMap(({ measurements }, index) =>
      measurements
        .filter(
          ({ low, high, outcome, value }) =>
            value !== null && (low !== null || high !== null || outcome !== 'PASS'),
        )
        .map(({ name, value, unit, low, high, outcome, at, relative }) => ({
          stepSeq: index + 1,
          name,
          value: value ?? '',
          unit,
          low,
          high,
          outcome,
          at:
            at === null
              ? null
              : at
                  .map((axis) => `${axis.name} ${axis.value}${axis.unit === null ? '' : ` ${axis.unit}`}`)
                  .join(', '),
          relative,
        })),
    ),
  };
}
