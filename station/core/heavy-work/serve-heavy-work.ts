import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { hostSystem } from '#node-kit/host-system/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { HeavyJob, ThreadMessage, ThreadTask } from './heavy-job.ts';

/** The slots come first, where there is not a processor for each. */
const NICENESS = 10;

/** Runs, in a thread that `runInThread` has started, the job that it was started with. */
export async function serveHeavyWork(jobs: readonly HeavyJob<never, unknown, unknown>[]): Promise<void> {
  const { job: name, task } = workerData as ThreadTask;
  const say = (message: ThreadMessage): void => parentPort?.postMessage(message);
  const cancelling = new AbortController();
  parentPort?.on('message', () => cancelling.abort(new Fault('cancelled', 'it was cancelled')));
  // On Linux 0 is this thread; elsewhere it would be the whole station.
  if (hostSystem().kind === 'linux') setPriority(0, NICENESS);
  const job = jobs.find((one) => one.name === name);
  if (job === undefined) throw new Error(`there is no job ${name}`);
  say({ kind: 'begun' });
  try {
    const onProgress = (at: unknown): void => say({ kind: 'progress', at });
    const result = await job.run(task as never, { signal: cancelling.signal, onProgress });
    say({ kind: 'result', result });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    say({ kind: 'fault', fault: error.toView() });
  }
  parentPort?.close();
}
