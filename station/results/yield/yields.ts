import { raceAbort } from '#node-kit/async/index.ts';
import type { BatchReport } from '#shared/contract/index.ts';
import type { BatchYield, YieldState } from '#shared/contract/yield.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { YieldFilter } from '#shared/domain/yield/index.ts';
import { createBackgroundReader } from '../../core/background-reads/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { ReadableDatabase } from '../../core/database/index.ts';
import type { PhaseTitles } from '../runs/index.ts';
import { type BatchCount, createBatchCount } from './batch-count.ts';
import { countBatch, countInto } from './count-batch.ts';
import { type CachedCount, startCount } from './cached-count.ts';
import { warningsOf } from './warnings.ts';

/** How often the state is published at most. */
const PUBLISH_INTERVAL_MS = 1000;
/** Cached counts besides that of the active batch, for a page that shows another batch. */
const MAX_OTHERS = 1;
const PARETO_PUBLISHED = 5;
const CURVE_STEPS = 12;

/** The state without an active batch. */
export const NO_YIELD: YieldState = { batchId: null, figures: null, lastHour: [], pareto: [], warnings: [] };

export interface YieldsOptions {
  readonly platform: Platform;
  /** The station's own connection, for short queries only. */
  readonly database: ReadableDatabase;
  readonly phaseTitles: PhaseTitles;
  readonly publish: (state: YieldState) => void;
}

export interface Yields {
  /** Publishes the state of this batch from now on; null for none. */
  follow(batchId: string | null): void;
  /** Counts a run that has ended and is stored; call it once per run. */
  recordEnd(runId: string): void;
  /** Faults: `batch-missing`, `cancelled`. */
  report(batchId: string, signal: AbortSignal): Promise<BatchReport>;
  /** Without a filter the cached count answers at once. Faults: `batch-missing`, `cancelled`. */
  batch(batchId: string, filter: YieldFilter | undefined, signal: AbortSignal): Promise<BatchYield>;
  /** Aborts counting and waits until it has ended. */
  close(): Promise<void>;
}

export function createYields({ platform, database: own, phaseTitles, publish }: YieldsOptions): Yields {
  const { clock, log } = platform;
  const reader = createBackgroundReader(platform.paths.dataDir);
  const counts = new Map<string, CachedCount>();
  let [active, closed] = [null as string | null, false];
  let timer: NodeJS.Timeout | null = null;

  function requireBatch(batchId: string): void {
    if (own.batches.findById(batchId) !== null) return;
    throw new Fault('batch-missing', `there is no batch ${batchId}`, {
      hint: 'List them with "batch list".',
    });
  }

  /** The cached count of a batch, or a new one; removes the least recently used counts. */
  function cachedCount(batchId: string): CachedCount {
    const cached = counts.get(batchId) ?? startCount(batchId, own, reader);
    counts.delete(batchId);
    counts.set(batchId, cached);
    const others = [...counts.keys()].filter((one) => one !== active);
    for (const one of others.slice(0, Math.max(0, others.length - MAX_OTHERS))) counts.delete(one);
    cached.ready.then(
      () => {
        if (batchId === active) publishSoon();
      },
      (error: unknown) => {
        if (counts.get(batchId) === cached) counts.delete(batchId);
        if (!closed) log.error('yield.not-counted', error, { batchId });
      },
    );
    return cached;
  }

  function publishSoon(): void {
    timer ??= setTimeout(() => {
      timer = null;
      if (!closed) publish(stateOf());
    }, PUBLISH_INTERVAL_MS).unref();
  }

  function stateOf(): YieldState {
    const count = active === null ? null : (counts.get(active)?.counted ?? null);
    if (count === null) return { ...NO_YIELD, batchId: active };
    const { figures, pareto, measurements } = count.yields.result();
    return {
      batchId: active,
      figures,
      lastHour: count.yields.curve.latest(clock.nowMs(), CURVE_STEPS),
      pareto: pareto.slice(0, PARETO_PUBLISHED),
      warnings: warningsOf(measurements),
    };
  }

  async function counted(
    batchId: string,
    filter: YieldFilter | undefined,
    signal: AbortSignal,
  ): Promise<BatchCount> {
    if (filter === undefined || Object.values(filter).every((value) => value === undefined))
      return raceAbort(cachedCount(batchId).ready, signal);
    const count = createBatchCount({ ...filter, batchId });
    await reader.read(
      (database, readSignal) => countInto(count, database, batchId, { detailed: true, signal: readSignal }),
      signal,
    );
    return count;
  }

  return {
    follow(batchId) {
      if (batchId === active) return;
      active = batchId;
      if (batchId !== null) cachedCount(batchId);
      publish(stateOf());
    },
    recordEnd(runId) {
      const batchId = own.yieldRuns.findById(runId)?.batchId;
      if (batchId === undefined) return;
      counts.get(batchId)?.recordEnd(runId);
      if (batchId === active) publishSoon();
    },
    async report(batchId, signal) {
      requireBatch(batchId);
      const count = counts.get(batchId)?.counted ?? null;
      if (count !== null) return count.report(batchId);
      return reader.read((database, readSignal) => countBatch(database, batchId, readSignal), signal);
    },
    async batch(batchId, filter, signal) {
      requireBatch(batchId);
      const { yields } = await counted(batchId, filter, signal);
      const recipeHash = own.batches.findById(batchId)?.recipeHash;
      return {
        batchId,
        ...yields.result(),
        curve: yields.curve.result(),
        phaseTitles: phaseTitles(recipeHash === undefined ? [] : [recipeHash]),
      };
    },
    async close() {
      closed = true;
      clearTimeout(timer ?? undefined);
      await reader.close();
    },
  };
}
