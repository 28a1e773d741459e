import type { FirmwareTopicState, PoolState, StationHealth } from '#shared/contract/index.ts';
import type { StationNotice } from '../ipc/index.ts';

/** A job that ended sooner was watched by the person who began it. */
const LONG_MS = 10_000;

/** The products whose triples will be used up soon now, and would not before. */
export function poolNotices(before: PoolState, now: PoolState): StationNotice[] {
  const known = new Set(before.products.filter(isLow).map(({ productId }) => productId));
  return now.products
    .filter((product) => isLow(product) && !known.has(product.productId))
    .map(({ productId, counts }) => ({ kind: 'pool-low', productId, available: counts.available }));
}

/** The long jobs that were running before and have ended. A cancelled one was ended by a person. */
export function jobNotices(
  before: FirmwareTopicState,
  now: FirmwareTopicState,
  nowMs: number,
): StationNotice[] {
  const running = new Set(before.jobs.filter(({ state }) => state === 'running').map(({ jobId }) => jobId));
  return now.jobs
    .filter(({ jobId, state }) => running.has(jobId) && (state === 'done' || state === 'failed'))
    .filter(({ startedAtMs }) => nowMs - startedAtMs >= LONG_MS)
    .map(({ kind, title, state }) => ({ kind: 'job-ended', job: kind, title, succeeded: state === 'done' }));
}

/** The disk is nearly full now, and was not before. */
export function diskNotices(before: StationHealth, now: StationHealth): StationNotice[] {
  const isShort = ({ disk }: StationHealth): boolean => disk.low || disk.full;
  return isShort(now) && !isShort(before) ? [{ kind: 'disk-low' }] : [];
}

function isLow({ counts, emptySoon }: PoolState['products'][number]): boolean {
  return emptySoon === true && counts.available > 0;
}
