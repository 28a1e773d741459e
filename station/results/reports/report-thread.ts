import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Fault, type FaultView } from '#shared/domain/fault.ts';
import type { ReportRequest } from './report-request.ts';
import type { ReportOptions, WrittenReport } from './write-report.ts';

/** What the thread is started with. Plain data. */
export interface ThreadTask {
  readonly dataDir: string;
  readonly request: ReportRequest;
  readonly file: string;
  readonly options: Omit<ReportOptions, 'signal' | 'onProgress'>;
}

/** What the thread says: that it has begun, its progress, and its ending. */
export type ThreadMessage =
  | { readonly kind: 'begun' }
  | {
      readonly kind: 'progress';
      readonly at: readonly [runs: number, totalRuns: number | null, share: number];
    }
  | { readonly kind: 'written'; readonly written: WrittenReport }
  | { readonly kind: 'fault'; readonly fault: FaultView };

type Ending = Exclude<ThreadMessage, { kind: 'begun' | 'progress' }>;

/** A host cannot start the thread, for example because it cannot load a file of its package there. */
export class ThreadNotStarted extends Error {}

/** The new generation of a thread's heap. Rows live shortly; without a bound it takes tens of megabytes more. */
const YOUNG_MB = 8;

/**
 * The program of the thread: a file of its own, from the sources as in a bundle, whose parts may stand in a folder beside it.
 * `null` where there is none.
 */
export function findThreadProgram(dir = import.meta.dirname): string | null {
  const places = ['report-worker.ts', 'report-worker.js', '../core/report-worker.js'];
  return places.map((place) => join(dir, place)).find((path) => existsSync(path)) ?? null;
}

/**
 * As `writeReport`, in a thread of its own with its own connection, so that nothing else waits.
 * Faults: those of `writeReport`. Errors: `ThreadNotStarted`; those of the thread.
 *
 * @param program of `findThreadProgram`
 */
export async function writeInThread(
  program: string,
  { dataDir, request, file }: Omit<ThreadTask, 'options'>,
  { signal, onProgress, ...options }: ReportOptions,
): Promise<WrittenReport> {
  const workerData: ThreadTask = { dataDir, request, file, options };
  const worker = new Worker(program, {
    workerData,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  const cancel = (): void => worker.postMessage('cancel');
  signal.addEventListener('abort', cancel);
  if (signal.aborted) cancel();
  try {
    const last = await new Promise<Ending>((resolve, reject) => {
      let hasBegun = false;
      let answer: Ending | null = null;
      worker.on('message', (message: ThreadMessage) => {
        if (message.kind === 'begun') hasBegun = true;
        else if (message.kind === 'progress') onProgress?.(...message.at);
        else answer = message;
      });
      worker.on('error', (error) => {
        reject(
          hasBegun ? error : new ThreadNotStarted('the thread of a report did not start', { cause: error }),
        );
      });
      worker.on('exit', (status) => {
        if (answer === null) reject(new Error(`the thread of a report ended with ${status}`));
        else resolve(answer);
      });
    });
    if (last.kind === 'written') return last.written;
    // The reason of the caller says more than that of the thread.
    if (signal.aborted && signal.reason instanceof Fault) throw signal.reason;
    throw Fault.fromView(last.fault);
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}
