import { throwIfAborted } from '#shared/domain/fault.ts';
import type { BatchCounts } from '#shared/contract/index.ts';
import type { BatchYield, YieldState } from '#shared/contract/yield.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { YieldFilter } from '#shared/domain/yield/index.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { AuditTrail } from '../../core/audit-log/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';
import {
  FactKeeper,
  FigureCache,
  type FigureSource,
  openFiguresAtOnce,
  readFigures,
  toBatchReport,
} from '../figures/index.ts';
import type { RecipeTitles } from '../runs/index.ts';
import { countWithForeign } from './count-with-foreign.ts';
import { withRecentRuns } from './recent-runs.ts';
import { warningsOf } from './warnings.ts';

/** How often the state is published at most. */
const PUBLISH_INTERVAL_MS = 1000;
const PARETO_PUBLISHED = 5;
const CURVE_STEPS = 12;

/** The state without an active batch. */
export const NO_YIELD: YieldState = {
  batchId: null,
  figures: null,
  counting: null,
  lastHour: [],
  pareto: [],
  warnings: [],
};

export interface YieldsOptions {
  readonly platform: Platform;
  readonly audit: AuditTrail;
  readonly database: WritableDatabase;
  readonly recipeTitles: RecipeTitles;
  readonly publish: (state: YieldState) => void;
}

export interface Yields {
  /** Publishes the state of this batch from now on; null for none. */
  follow(batchId: string | null): void;
  /** Takes a run into the figures that has ended and is stored; call it once per run. */
  recordEnd(runId: string): void;
  /** Faults: `batch-missing`, `cancelled`. */
  report(batchId: string, signal: AbortSignal): Promise<BatchCounts>;
  /**
   * Faults: `batch-missing`, `cancelled`.
   *
   * @param foreign also the imported runs of batches of the same name or id; default no
   */
  batch(
    batchId: string,
    filter: YieldFilter | undefined,
    signal: AbortSignal,
    foreign?: boolean,
  ): Promise<BatchYield>;
  /** Makes the kept figures of all batches anew from the records, in the background. Faults: those of a transaction. */
  remake(by: Actor): void;
  /** Resolves when no figures are being written any more. */
  whenWritten(): Promise<void>;
  /**
   * Resolves when the facts of all but the latest runs are written. Faults: the signal's reason; `cancelled` when it was
   * closed.
   */
  whenFactsReady(signal: AbortSignal): Promise<void>;
  /** Ends what is under way. */
  close(): Promise<void>;
}

export function createYields({ platform, database, audit, recipeTitles, publish }: YieldsOptions): Yields {
  const { clock, log } = platform;
  const keeper = new FactKeeper(database, log);
  const closing = new AbortController();
  const cache = new FigureCache();
  let active: string | null = null;
  let timer: NodeJS.Timeout | null = null;

  async function open(batchId: string, signal: AbortSignal): Promise<FigureSource> {
    if (database.batches.findById(batchId) === null) throw batchMissing(batchId);
    await keeper.whenReady(signal);
    throwIfAborted(signal);
    const source = openFiguresAtOnce(database, batchId);
    if (source === null) throw batchMissing(batchId);
    return source;
  }

  function publishSoon(): void {
    timer ??= setTimeout(() => {
      timer = null;
      publishNow();
    }, PUBLISH_INTERVAL_MS).unref();
  }

  function publishNow(): void {
    if (closing.signal.aborted) return;
    const counting = keeper.progress();
    if (active !== null && counting === null) return publish(stateOf(active));
    publish({ ...NO_YIELD, batchId: active, counting });
    if (counting !== null) publishSoon();
  }

  function stateOf(batchId: string): YieldState {
    const source = openFiguresAtOnce(database, batchId, cache);
    if (source === null) return { ...NO_YIELD, batchId };
    const { figures, pareto, measurements, curve } = readFigures(source);
    return {
      batchId,
      figures,
      counting: null,
      lastHour: curve.latest(clock.nowMs(), CURVE_STEPS),
      pareto: pareto.slice(0, PARETO_PUBLISHED),
      warnings: warningsOf(measurements),
    };
  }

  if (keeper.progress() !== null) publishSoon();
  return {
    follow(batchId) {
      if (batchId === active) return;
      active = batchId;
      publish({ ...NO_YIELD, batchId, counting: keeper.progress() });
      if (batchId === null) return;
      keeper.whenReady(closing.signal).then(
        () => {
          if (active === batchId) publishSoon();
        },
        () => undefined,
      );
    },
    recordEnd(runId) {
      keeper.runEnded();
      if (active !== null && database.runs.findById(runId)?.batchId === active) publishSoon();
    },
    async report(batchId, signal) {
      const source = await open(batchId, signal);
      return toBatchReport(source, batchId, readFigures(source));
    },
    async batch(batchId, filter = {}, signal, foreign = false) {
      const recipeHash = database.batches.findById(batchId)?.recipeHash;
      const named = { batchId, recipeTitles: recipeTitles(recipeHash === undefined ? [] : [recipeHash]) };
      if (foreign) {
        if (recipeHash === undefined) throw batchMissing(batchId);
        const { report: _, ...found } = await countWithForeign(database, batchId, { filter, signal });
        return { ...found, ...withRecentRuns(database, found.measurements), ...named };
      }
      const source = await open(batchId, signal);
      const found = readFigures(source, filter);
      const recent = withRecentRuns(database, found.measurements);
      return { ...found, ...recent, ...named, curve: found.curve.result(), foreignRuns: null };
    },
    remake(by) {
      keeper.remake(() => audit.record(by, 'figures.remake', 'all batches'));
      publishSoon();
    },
    whenWritten: () => keeper.whenWritten(),
    whenFactsReady: (signal) => keeper.whenReady(signal),
    async close() {
      closing.abort(new Fault('cancelled', 'the station was closed'));
      clearTimeout(timer ?? undefined);
      await keeper.close();
    },
  };
}

function batchMissing(batchId: string): Fault {
  return new Fault('batch-missing', `there is no batch ${batchId}`, {
    hint: 'List them with "batch list".',
  });
}
