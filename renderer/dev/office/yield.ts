import { contract, type StationContract, type YieldState } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { createTopic, type Handlers, type Topic } from '#shared/rpc/index.ts';
import type { Line } from '../line.ts';
import { countMadeUp } from './made-up-runs.ts';

/** Yields of the line's batches, counted by the product's own arithmetic from runs that nobody made. */
export function yieldHandlers(line: () => Line): Partial<Handlers<StationContract>> {
  return {
    'yield.batch': ({ batchId, filter }) => {
      const batch = line().batch.batches.find((one) => one.batchId === batchId);
      if (batch === undefined) throw new Fault('batch-missing', `there is no batch ${batchId}`);
      const count = countMadeUp(batch, Date.now(), filter);
      return { batchId, ...count.result(), curve: count.curve.result() };
    },
  };
}

export function yieldTopic(line: () => Line, epoch: string): Topic<YieldState, YieldState> {
  const { active } = line().batch;
  const count = active === null ? null : countMadeUp(active, Date.now());
  const state: YieldState = {
    batchId: active?.batchId ?? null,
    figures: count?.figures() ?? null,
    lastHour: count?.curve.latest(Date.now(), 12) ?? [],
    pareto: count?.pareto().slice(0, 5) ?? [],
    warnings: line().warnings ?? [],
  };
  return createTopic(contract.topics.yield, state, epoch);
}
