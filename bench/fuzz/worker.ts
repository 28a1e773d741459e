import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import { Fault } from '#shared/domain/fault.ts';
import { makeInput } from './make-input.ts';
import type { Target } from './target.ts';

/** The task of a worker. It writes the number of each round to `progress` before the input is fed. */
export interface FuzzTask {
  readonly seed: string;
  readonly firstRound: number;
  readonly seconds: number;
  /** Module that exports `TARGETS`. */
  readonly targets: string;
  /** One number: the current round. */
  readonly progress: SharedArrayBuffer;
}

export type FuzzReport =
  /** The targets are loaded; the first round begins. */
  | { readonly kind: 'loaded' }
  | { readonly kind: 'crash'; readonly round: number; readonly reason: string }
  /** The heap after a collection. The first is measured when compiled code and caches are there. */
  | { readonly kind: 'heap'; readonly bytes: number }
  | { readonly kind: 'over'; readonly round: number };

const { seed, firstRound, seconds, targets, progress } = workerData as FuzzTask;
const { TARGETS } = (await import(targets)) as { readonly TARGETS: readonly Target[] };
const counter = new Int32Array(progress);
const endMs = performance.now() + seconds * 1000;
const post = (report: FuzzReport): void => parentPort?.postMessage(report);
/** After this share of the time the heap is measured for the first time. */
const WARM_SHARE = 0.1;
const warmMs = performance.now() + seconds * 1000 * WARM_SHARE;
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

post({ kind: 'loaded' });
let round = firstRound;
let isWarm = false;
for (; performance.now() < endMs; round++) {
  if (!isWarm && performance.now() >= warmMs) {
    isWarm = true;
    postHeap();
  }
  Atomics.store(counter, 0, round);
  const { target, input } = makeInput(TARGETS, seed, round);
  try {
    await target.feed(input);
  } catch (error) {
    if (!(error instanceof Fault))
      post({
        kind: 'crash',
        round,
        reason: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
  }
}
postHeap();
post({ kind: 'over', round });

function postHeap(): void {
  collect();
  post({ kind: 'heap', bytes: process.memoryUsage().heapUsed });
}
