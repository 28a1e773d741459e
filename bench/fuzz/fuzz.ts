import { Worker } from 'node:worker_threads';
import { createDice } from './random-source.ts';
import { mutate } from './mutate.ts';
import type { Target } from './targets.ts';
import type { FuzzOrder, FuzzReport } from './worker.ts';

/** An input that takes longer is a hang: the largest recipe takes some milliseconds. */
const HANG_MS = 5000;
const LOOK_MS = 250;

export interface Finding {
  readonly kind: 'crash' | 'hang';
  readonly target: string;
  readonly round: number;
  readonly why: string;
  readonly input: Uint8Array;
}

export interface Fuzzed {
  readonly inputs: number;
  readonly findings: readonly Finding[];
}

/**
 * Feeds every reader of what others write with broken inputs for so many seconds, in a thread of its own that is ended
 * when an input hangs. The same seed gives the same inputs in the same order.
 */
export async function fuzz(
  seed: string,
  seconds: number,
  targets: string,
  say: (text: string) => void,
): Promise<Fuzzed> {
  const { TARGETS } = (await import(targets)) as { readonly TARGETS: readonly Target[] };
  const findings: Finding[] = [];
  const endMs = performance.now() + seconds * 1000;
  let round = 0;
  while (performance.now() < endMs)
    round = await untilHang(round, Math.max(1, (endMs - performance.now()) / 1000));
  return { inputs: round, findings };

  function untilHang(firstRound: number, leftSeconds: number): Promise<number> {
    const progress = new SharedArrayBuffer(4);
    const counter = new Int32Array(progress);
    const workerData: FuzzOrder = { seed, firstRound, seconds: leftSeconds, targets, progress };
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData });
    return new Promise((resolve, reject) => {
      let last = -1;
      let sinceMs = performance.now();
      const look = setInterval(() => {
        const now = Atomics.load(counter, 0);
        if (now !== last) [last, sinceMs] = [now, performance.now()];
        if (performance.now() - sinceMs < HANG_MS) return;
        note('hang', now, `more than ${HANG_MS} ms`);
        end(now + 1);
      }, LOOK_MS);
      const end = (next: number): void => {
        clearInterval(look);
        worker.terminate().then(() => resolve(next), reject);
      };
      worker.on('message', (report: FuzzReport) => {
        if (report.kind === 'crash') note('crash', report.round, report.why);
        else end(report.round);
      });
      worker.on('error', (error) => {
        note('crash', Atomics.load(counter, 0), error.stack ?? error.message);
        end(Atomics.load(counter, 0) + 1);
      });
    });
  }

  function note(kind: Finding['kind'], at: number, why: string): void {
    const target = TARGETS[at % TARGETS.length];
    if (target === undefined) return;
    const dice = createDice(`${seed}/${at}`);
    const input = mutate(dice.of(target.seeds), target.seeds, dice);
    findings.push({ kind, target: target.name, round: at, why, input });
    say(`${kind} of ${target.name} at round ${at}: ${why.split('\n').slice(0, 3).join(' | ')}`);
  }
}
