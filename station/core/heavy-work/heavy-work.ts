import { channel } from 'node:diagnostics_channel';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Fault } from '#shared/domain/fault.ts';
import type { HeavyJob, JobContext, ThreadEnding, ThreadMessage, ThreadTask } from './heavy-job.ts';

/** A host cannot start the thread, for example because it cannot load a file of its package there. */
export class ThreadNotStarted extends Error {}

/** The new generation of a thread's heap. Rows live shortly; without a bound it takes tens of megabytes more. */
const YOUNG_MB = 8;
/** The old generation. V8 also collects earlier in a heap with a bound. */
const OLD_MB = 512;

/** A message `HeavyThread` for each job that has begun in a thread of its own. */
export const HEAVY_THREADS = 'gongwei:heavy-threads';
export interface HeavyThread {
  readonly job: string;
  readonly threadId: number;
}
const threads = channel(HEAVY_THREADS);

/**
 * The program of the thread: a file of its own, from the sources as in a bundle, whose parts may stand in a folder beside it.
 * `null` where there is none.
 */
export function findThreadProgram(dir = import.meta.dirname): string | null {
  const places = ['../../heavy-worker.ts', 'heavy-worker.js', '../core/heavy-worker.js'];
  return places.map((place) => join(dir, place)).find((path) => existsSync(path)) ?? null;
}

/**
 * Runs a job in a thread of its own where the host has one, and in this thread otherwise.
 * Faults: those of the job and of `runInThread`. Errors: those of the job.
 *
 * ```ts
 * const verified = await runHeavy(VERIFY_JOB, { path }, { signal });
 * ```
 *
 * @param program of `findThreadProgram`
 */
export async function runHeavy<Task, Result, Progress>(
  job: HeavyJob<Task, Result, Progress>,
  task: Task,
  { signal, onProgress = () => undefined }: Partial<JobContext<Progress>> & { readonly signal: AbortSignal },
  program = findThreadProgram(),
): Promise<Result> {
  const context = { signal, onProgress };
  if (program === null) return job.run(task, context);
  return runInThread(program, job, task, context).catch((error: unknown) => {
    if (error instanceof ThreadNotStarted) return job.run(task, context);
    throw error;
  });
}

/**
 * Runs a job in a thread of its own, so that nothing else waits.
 * Faults: those of the job; `bad-input` when it needs more memory than a thread has. Errors: `ThreadNotStarted`; those of the job.
 *
 * @param program of `findThreadProgram`
 */
export async function runInThread<Task, Result, Progress>(
  program: string,
  job: HeavyJob<Task, Result, Progress>,
  task: Task,
  { signal, onProgress }: JobContext<Progress>,
): Promise<Result> {
  const workerData: ThreadTask = { job: job.name, task };
  const worker = new Worker(program, {
    workerData,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB, maxOldGenerationSizeMb: OLD_MB },
  });
  const { threadId } = worker;
  const cancel = (): void => (job.isPure ? void worker.terminate() : worker.postMessage('cancel'));
  signal.addEventListener('abort', cancel);
  if (signal.aborted) cancel();
  try {
    const last = await new Promise<ThreadEnding>((resolve, reject) => {
      let hasBegun = false;
      let answer: ThreadEnding | null = null;
      worker.on('message', (message: ThreadMessage) => {
        if (message.kind === 'begun') {
          hasBegun = true;
          threads.publish({ job: job.name, threadId } satisfies HeavyThread);
        } else if (message.kind === 'progress') onProgress(message.at as Progress);
        else answer = message;
      });
      worker.on('error', (error) => {
        if ((error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY') reject(tooLarge(error));
        else reject(hasBegun ? error : new ThreadNotStarted('a thread did not start', { cause: error }));
      });
      worker.on('exit', (status) => {
        if (answer !== null) resolve(answer);
        else if (signal.aborted) reject(asFault(signal.reason));
        else reject(new Error(`the thread of ${job.name} ended with ${status}`));
      });
    });
    if (last.kind === 'result') return last.result as Result;
    // The reason of the caller says more than that of the thread.
    if (signal.aborted && signal.reason instanceof Fault) throw signal.reason;
    throw Fault.fromView(last.fault);
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

function asFault(reason: unknown): Fault {
  return reason instanceof Fault ? reason : new Fault('cancelled', 'it was cancelled', { cause: reason });
}

function tooLarge(cause: Error): Fault {
  return new Fault('bad-input', `this takes more than the ${OLD_MB} MB of memory that a station has for it`, {
    hint: 'Take a smaller part of it.',
    cause,
  });
}
