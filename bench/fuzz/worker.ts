import { parentPort, workerData } from 'node:worker_threads';
import { Fault } from '#shared/domain/fault.ts';
import { createDice } from './random-source.ts';
import { mutate } from './mutate.ts';
import type { Target } from './targets.ts';

/** What the other side sees of the work: counted before each input, so that one which hangs can be named. */
export interface FuzzOrder {
  readonly seed: string;
  readonly firstRound: number;
  readonly seconds: number;
  /** Module that exports `TARGETS`. */
  readonly targets: string;
  /** One number: the round under way. */
  readonly progress: SharedArrayBuffer;
}

export type FuzzReport =
  | { readonly kind: 'crash'; readonly round: number; readonly why: string }
  | { readonly kind: 'over'; readonly round: number };

const { seed, firstRound, seconds, targets, progress } = workerData as FuzzOrder;
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
        why: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
  }
}
post({ kind: 'over', round });

function inputOf(of: string, at: number): { readonly target: Target; readonly input: Uint8Array } {
  const target = TARGETS[at % TARGETS.length];
  if (target === undefined) throw new Error('there are no targets');
  const dice = createDice(`${of}/${at}`);
  return { target, input: mutate(dice.of(target.seeds), target.seeds, dice) };
}
