import type { FirmwareJob } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Platform } from '../core/platform/index.ts';

/** Pages are told of progress so often: smooth to the eye, cheap on the wire. */
const TELL_EVERY_MS = 100;

type Progress = Pick<FirmwareJob, 'stage' | 'doneBytes' | 'totalBytes'>;

/** Work that outlives the call that began it: told of as it goes, cancelled by its id. */
export interface Jobs {
  /** Begins `work` and returns its id at once. What `work` returns is told as the job's end. */
  start(
    job: Pick<FirmwareJob, 'kind' | 'title' | 'firmwareId'>,
    work: (
      onProgress: (progress: Progress) => void,
      signal: AbortSignal,
    ) => Promise<Partial<Pick<FirmwareJob, 'firmwareId' | 'added'>>>,
  ): string;
  /** The job of this kind for this firmware that is under way. */
  running(kind: FirmwareJob['kind'], firmwareId: string): string | null;
  /** Nothing happens when it has ended already. */
  cancel(jobId: string): void;
  /** Cancels all and waits until they are over. */
  close(): Promise<void>;
}

export function createBackgroundJobs(platform: Platform, publish: (job: FirmwareJob) => void): Jobs {
  const active = new Map<
    string,
    { job: FirmwareJob; readonly stop: AbortController; readonly end: Promise<void> }
  >();
  return {
    start(begun, work) {
      const jobId = platform.random.id();
      const stop = new AbortController();
      let job: FirmwareJob = {
        ...begun,
        jobId,
        stage: begun.kind === 'import' ? 'reading' : 'checking',
        doneBytes: 0,
        totalBytes: 0,
        state: 'running',
        added: null,
        fault: null,
        startedAtMs: platform.clock.nowMs(),
      };
      let toldAtMs = -Infinity;
      const change = (next: Partial<FirmwareJob>): void => {
        job = { ...job, ...next };
        publish(job);
      };
      const onProgress = (progress: Progress): void => {
        const nowMs = platform.clock.monotonicMs();
        if (progress.stage === job.stage && nowMs - toldAtMs < TELL_EVERY_MS) return;
        toldAtMs = nowMs;
        change(progress);
      };
      const settle = (last: Partial<FirmwareJob>): void => {
        // First, so that whoever hears of the end can begin anew.
        active.delete(jobId);
        change(last);
      };
      const end = Promise.resolve()
        .then(() => work(onProgress, stop.signal))
        .then(
          (result) => settle({ ...result, state: 'done', doneBytes: job.totalBytes }),
          (error: unknown) => settle(toEnd(error)),
        );
      active.set(jobId, { job, stop, end });
      publish(job);
      return jobId;
    },
    running(kind, firmwareId) {
      for (const [jobId, { job }] of active)
        if (job.kind === kind && job.firmwareId === firmwareId) return jobId;
      return null;
    },
    cancel: (jobId) => void active.get(jobId)?.stop.abort(new Fault('cancelled', 'stopped by a person')),
    async close() {
      const all = [...active.values()];
      for (const { stop } of all) stop.abort(new Fault('cancelled', 'the station was closed'));
      await Promise.all(all.map(({ end }) => end));
    },
  };

  function toEnd(error: unknown): Pick<FirmwareJob, 'state' | 'fault'> {
    if (!(error instanceof Fault)) platform.log.error('firmware.defect', error);
    const fault =
      error instanceof Fault ? error : new Fault('internal', 'something in Gongwei itself went wrong');
    if (fault.code === 'cancelled') return { state: 'cancelled', fault: null };
    const { code, message, hint, details } = fault;
    return { state: 'failed', fault: { code, message, hint, details: { ...details } } };
  }
}
