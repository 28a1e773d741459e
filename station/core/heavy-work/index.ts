/** Work that takes long without a pause, in a thread beside that of the station (ADR 102). */
export type { HeavyJob, JobContext } from './heavy-job.ts';
export {
  findThreadProgram,
  HEAVY_THREADS,
  type HeavyThread,
  runHeavy,
  runInThread,
  ThreadNotStarted,
} from './heavy-work.ts';
export { serveHeavyWork } from './serve-heavy-work.ts';
