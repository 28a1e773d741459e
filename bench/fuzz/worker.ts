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
  | { readonly kind: 'over'; readonly round: number };

const { seed, firstRound, seconds, targets, progress } = workerData as FuzzTask;
const { TARGETS } = (await import(targets)) as { readonly TARGETS: readonly Target[] };
const counter = new Int32Array(progress);
const endMs = performance.now() + seconds * 1000;
const post = (report: FuzzReport): void => parentPort?.postMessage(report);

post({ kind: 'loaded' });
let round = firstRound;
for (; performance.now() < endMs; round++) {
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
post({ kind: 'over', round });
