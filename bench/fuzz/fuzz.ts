import { Worker } from 'node:worker_threads';
import { makeInput } from './make-input.ts';
import type { Target } from './target.ts';
import type { FuzzTask, FuzzReport } from './worker.ts';

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
  /** How much the heap of the last worker grew, bytes after a collection; null when it hung or broke first. */
  readonly heapGrowthBytes: number | null;
}

export interface FuzzOptions {
  /** Determines every input. */
  readonly seed: string;
  readonly seconds: number;
  /** An input that takes longer is a hang. */
  readonly hangMs: number;
  /** Module that exports `TARGETS`. */
  readonly targets: string;
}

/**
 * Feeds the targets with mutated inputs for a number of seconds, in a worker thread that is terminated when an input
 * hangs. The same seed gives the same inputs in the same order. Errors: any error of loading the targets.
 */
export async function fuzz(
  { seed, seconds, hangMs, targets }: FuzzOptions,
  log: (text: string) => void,
): Promise<FuzzResult> {
  const { TARGETS } = (await import(targets)) as { readonly TARGETS: readonly Target[] };
  const findings: Finding[] = [];
  const endMs = performance.now() + seconds * 1000;
  let heaps: number[] = [];
  let round = 0;
  while (performance.now() < endMs)
    round = await runWorker(round, Math.max(1, (endMs - performance.now()) / 1000));
  const [firstHeap, lastHeap] = heaps;
  const isMeasured = firstHeap !== undefined && lastHeap !== undefined;
  return { inputs: round, findings, heapGrowthBytes: isMeasured ? lastHeap - firstHeap : null };

  /** Runs a worker until its time is over or it hangs or breaks. Returns the next round. */
  function runWorker(firstRound: number, leftSeconds: number): Promise<number> {
    const progress = new SharedArrayBuffer(4);
    const counter = new Int32Array(progress);
    Atomics.store(counter, 0, firstRound);
    heaps = [];
    const workerData: FuzzTask = { seed, firstRound, seconds: leftSeconds, targets, progress };
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData });
    return new Promise((resolve, reject) => {
      let poll: NodeJS.Timeout | null = null;
      // A slow machine may need longer than `hangMs` to load the targets.
      const startPolling = (): void => {
        let last = -1;
        let sinceMs = performance.now();
        poll = setInterval(() => {
          const now = Atomics.load(counter, 0);
          if (now !== last) [last, sinceMs] = [now, performance.now()];
          if (performance.now() - sinceMs < hangMs) return;
          addFinding('hang', now, `more than ${hangMs} ms`);
          end(now + 1);
        }, POLL_MS);
      };
      const end = (next: number): void => {
        if (poll !== null) clearInterval(poll);
        worker.terminate().then(() => resolve(next), reject);
      };
      worker.on('message', (report: FuzzReport) => {
        if (report.kind === 'loaded') startPolling();
        else if (report.kind === 'crash') addFinding('crash', report.round, report.reason);
        else if (report.kind === 'heap') heaps.push(report.bytes);
        else end(report.round);
      });
      worker.on('error', (error) => {
        if (poll === null) return reject(error);
        const now = Atomics.load(counter, 0);
        addFinding('crash', now, error.stack ?? error.message);
        end(now + 1);
      });
    });
  }

  function addFinding(kind: Finding['kind'], round: number, reason: string): void {
    const { target, input } = makeInput(TARGETS, seed, round);
    findings.push({ kind, target: target.name, round, reason, input });
    log(`${kind} of ${target.name} at round ${round}: ${reason.split('\n').slice(0, 3).join(' | ')}`);
  }
}
