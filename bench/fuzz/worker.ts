import { parentPort, workerData } from 'node:worker_threads';
import { Fault } from '#shared/domain/fault.ts';
import { createRandomSource } from './random-source.ts';
import { mutate } from './mutate.ts';
import type { Target } from './targets.ts';

/** The task of a worker. It counts the round before each input, so that the parent knows which input hangs. */
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
  | { readonly kind: 'crash'; readonly round: number; readonly reason: string }
  | { readonly kind: 'over'; readonly round: number };

const { seed, firstRound, seconds, targets, progress } = workerData as FuzzTask;
const { TARGETS } = (await import(targets)) as { readonly TARGETS: readonly Target[] };
const counter = new Int32Array(progress);
const endMs = performance.now() + seconds * 1000;
const post = (report: FuzzReport): void => parentPort?.postMessage(report);

let round = firstRound;
for (; performance.now() < endMs; round++) {
  Atomics.store(counter, 0, round);
  const { target, input } = inputOf(seed, round);
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

function inputOf(of: string, round: number): { readonly target: Target; readonly input: Uint8Array } {
  const target = TARGETS[round % TARGETS.length];
  if (target === undefined) throw new Error('there are no targets');
  const random = createRandomSource(`${of}/${round}`);
  return { target, input: mutate(random.of(target.seeds), target.seeds, random) };
}
