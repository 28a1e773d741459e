import { Worker } from 'node:worker_threads';
import { createRandomSource } from './random-source.ts';
import { mutate } from './mutate.ts';
import type { Target } from './targets.ts';
import type { FuzzTask, FuzzReport } from './worker.ts';

/** An input that takes longer is a hang. The largest recipe takes some milliseconds. */
const HANG_MS = 5000;
const POLL_MS = 250;

export interface Finding {
  readonly kind: 'crash' | 'hang';
  readonly target: string;
  readonly round: number;
  readonly reason: string;
  readonly input: Uint8Array;
}

export interface FuzzResult {
  readonly inputs: number;
  readonly findings: readonly Finding[];
}

/**
 * Feeds the targets with mutated inputs for a number of seconds, in a worker thread that is terminated when an input
 * hangs. The same seed gives the same inputs in the same order.
 */
export async function fuzz(
  seed: string,
  seconds: number,
  targets: string,
  log: (text: string) => void,
): Promise<FuzzResult> {
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
    const workerData: FuzzTask = { seed, firstRound, seconds: leftSeconds, targets, progress };
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData });
    return new Promise((resolve, reject) => {
      let last = -1;
      let sinceMs = performance.now();
      const poll = setInterval(() => {
        const now = Atomics.load(counter, 0);
        if (now !== last) [last, sinceMs] = [now, performance.now()];
        if (performance.now() - sinceMs < HANG_MS) return;
        addFinding('hang', now, `more than ${HANG_MS} ms`);
        end(now + 1);
      }, POLL_MS);
      const end = (next: number): void => {
        clearInterval(poll);
        worker.terminate().then(() => resolve(next), reject);
      };
      worker.on('message', (report: FuzzReport) => {
        if (report.kind === 'crash') addFinding('crash', report.round, report.reason);
        else end(report.round);
      });
      worker.on('error', (error) => {
        addFinding('crash', Atomics.load(counter, 0), error.stack ?? error.message);
        end(Atomics.load(counter, 0) + 1);
      });
    });
  }

  function addFinding(kind: Finding['kind'], round: number, reason: string): void {
    const target = TARGETS[round % TARGETS.length];
    if (target === undefined) return;
    const random = createRandomSource(`${seed}/${round}`);
    const input = mutate(random.of(target.seeds), target.seeds, random);
    findings.push({ kind, target: target.name, round, reason, input });
    log(`${kind} of ${target.name} at round ${round}: ${reason.split('\n').slice(0, 3).join(' | ')}`);
  }
}
