import { raceAbort } from '#node-kit/async/index.ts';
import type { BatchReport } from '#shared/contract/index.ts';
import type { BatchYield, YieldState } from '#shared/contract/yield.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { YieldFilter } from '#shared/domain/yield/index.ts';
import { createReadPool } from '../../core/background/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { ReadableDatabase } from '../../core/database/index.ts';
import { type BatchCount, createBatchCount } from './batch-count.ts';
import { countBatch, countInto } from './count-batch.ts';
import { type CachedCount, startCount } from './cached-count.ts';
import { warningsOf } from './warnings.ts';

/** Nobody reads faster. */
const TELL_EVERY_MS = 1000;
/** Batches whose count is kept besides the one at work, for somebody who looks at them. */
const MOST_OTHERS = 1;
const PARETO_TOLD = 5;
const HOUR_STEPS = 12;

/** Before anything is known. */
export const NO_YIELD: YieldState = { batchId: null, figures: null, lastHour: [], pareto: [], warnings: [] };

export interface YieldsParts {
  readonly platform: Platform;
  /** The line's own; read from for a moment only. */
  readonly database: ReadableDatabase;
  readonly publish: (state: YieldState) => void;
}

export interface Yields {
  /** Follows the batch at work; `null` when there is none. */
  follow(batchId: string | null): void;
  /** Tells that a run has ended, durably; once for each. */
  recordEnd(runId: string): void;
  /** Faults: `batch-missing`, `cancelled`. */
  report(batchId: string, signal: AbortSignal): Promise<BatchReport>;
  /** Without a filter, what is kept answers at once. Faults: `batch-missing`, `cancelled`. */
  batch(batchId: string, filter: YieldFilter | undefined, signal: AbortSignal): Promise<BatchYield>;
  /** Stops what is being counted and waits until nothing of it is left. */
  close(): Promise<void>;
}

export function createYields({ platform, database: own, publish }: YieldsParts): Yields {
  const { clock, log } = platform;
  const readers = createReadPool(platform.paths.dataDir);
  const kept = new Map<string, CachedCount>();
  let [active, closed] = [null as string | null, false];
  let timer: NodeJS.Timeout | null = null;

  function requireBatch(batchId: string): void {
    if (own.batches.findById(batchId) !== null) return;
    throw new Fault('batch-missing', `there is no batch ${batchId}`, {
      hint: 'List them with "batch list".',
    });
  }

  /** Its count, from now on up to date; the ones not looked at for longest are let go. */
  function keep(batchId: string): CachedCount {
    const known = kept.get(batchId) ?? startCount(batchId, own, readers);
    kept.delete(batchId);
    kept.set(batchId, known);
    const others = [...kept.keys()].filter((one) => one !== active);
    for (const one of others.slice(0, Math.max(0, others.length - MOST_OTHERS))) kept.delete(one);
    known.ready.then(
      () => {
        if (batchId === active) tellSoon();
      },
      (error: unknown) => {
        if (kept.get(batchId) === known) kept.delete(batchId);
        if (!closed) log.error('yield.not-counted', error, { batchId });
      },
    );
    return known;
  }

  function tellSoon(): void {
    timer ??= setTimeout(() => {
      timer = null;
      if (!closed) publish(stateOf());
    }, TELL_EVERY_MS).unref();
  }

  function stateOf(): YieldState {
    const count = active === null ? null : (kept.get(active)?.counted ?? null);
    if (count === null) return { ...NO_YIELD, batchId: active };
    const { figures, pareto, measurements } = count.yields.result();
    return {
      batchId: active,
      figures,
      lastHour: count.yields.curve.latest(clock.nowMs(), HOUR_STEPS),
      pareto: pareto.slice(0, PARETO_TOLD),
      warnings: warningsOf(measurements),
    };
  }

  async function counted(
    batchId: string,
    filter: YieldFilter | undefined,
    signal: AbortSignal,
  ): Promise<BatchCount> {
    if (filter === undefined || Object.values(filter).every((value) => value === undefined))
      return raceAbort(keep(batchId).ready, signal);
    const count = createBatchCount({ ...filter, batchId });
    await readers.read(
      (database, inTime) => countInto(count, database, batchId, { detailed: true, signal: inTime }),
      signal,
    );
    return count;
  }

  return {
    follow(batchId) {
      if (batchId === active) return;
      active = batchId;
      if (batchId !== null) keep(batchId);
      publish(stateOf());
    },
    recordEnd(runId) {
      const batchId = own.yieldRuns.findById(runId)?.batchId;
      if (batchId === undefined) return;
      kept.get(batchId)?.recordEnd(runId);
      if (batchId === active) tellSoon();
    },
    async report(batchId, signal) {
      requireBatch(batchId);
      const count = kept.get(batchId)?.counted ?? null;
      if (count !== null) return count.report(batchId);
      return readers.read((database, inTime) => countBatch(database, batchId, inTime), signal);
    },
    async batch(batchId, filter, signal) {
      requireBatch(batchId);
      const { yields } = await counted(batchId, filter, signal);
      return { batchId, ...yields.result(), curve: yields.curve.result() };
    },
    async close() {
      closed = true;
      clearTimeout(timer ?? undefined);
      await readers.close();
    },
  };
}
