import type { FirmwareJob } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Platform } from '../core/platform/index.ts';

/** How often the progress of a job is published: smooth on the screen, few messages. */
const PROGRESS_INTERVAL_MS = 100;

type Progress = Pick<FirmwareJob, 'stage' | 'doneBytes' | 'totalBytes'>;
/** Returns what is published with the end of the job. */
type Work = (
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
) => Promise<Partial<Pick<FirmwareJob, 'firmwareId' | 'added'>>>;

interface ActiveJob {
  readonly kind: FirmwareJob['kind'];
  readonly firmwareId: string | null;
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

/** Jobs that continue after the call that started them. They are published as they progress and cancelled by id. */
export class BackgroundJobs implements AsyncDisposable {
  readonly #platform: Platform;
  readonly #publish: (job: FirmwareJob) => void;
  readonly #active = new Map<string, ActiveJob>();

  constructor(platform: Platform, publish: (job: FirmwareJob) => void) {
    this.#platform = platform;
    this.#publish = publish;
  }

  /** Starts `work` and returns the id of the job. */
  start(begun: Pick<FirmwareJob, 'kind' | 'title' | 'firmwareId'>, work: Work): string {
    const { clock, random } = this.#platform;
    const jobId = random.id();
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
      startedAtMs: clock.nowMs(),
    };
    let publishedAtMs = -Infinity;
    const change = (next: Partial<FirmwareJob>): void => {
      job = { ...job, ...next };
      this.#publish(job);
    };
    const onProgress = (progress: Progress): void => {
      const nowMs = clock.monotonicMs();
      if (progress.stage === job.stage && nowMs - publishedAtMs < PROGRESS_INTERVAL_MS) return;
      publishedAtMs = nowMs;
      change(progress);
    };
    const end = (last: Partial<FirmwareJob>): void => {
      // Removed before the end is published, so that a subscriber can start the next job at once.
      this.#active.delete(jobId);
      change(last);
    };
    const ended = Promise.resolve()
      .then(() => work(onProgress, stop.signal))
      .then(
        (result) => end({ ...result, state: 'done', doneBytes: job.totalBytes }),
        (error: unknown) => end(this.#failure(error)),
      );
    this.#active.set(jobId, { kind: begun.kind, firmwareId: begun.firmwareId, stop, ended });
    this.#publish(job);
    return jobId;
  }

  /** The id of the active job of this kind for a firmware; null without one. */
  find(kind: FirmwareJob['kind'], firmwareId: string): string | null {
    for (const [jobId, job] of this.#active)
      if (job.kind === kind && job.firmwareId === firmwareId) return jobId;
    return null;
  }

  /** Does nothing when the job has ended. */
  cancel(jobId: string): void {
    this.#active.get(jobId)?.stop.abort(new Fault('cancelled', 'stopped by a person'));
  }

  /** Cancels all jobs and waits until they have ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    const jobs = [...this.#active.values()];
    for (const { stop } of jobs) stop.abort(new Fault('cancelled', 'the station was closed'));
    await Promise.all(jobs.map(({ ended }) => ended));
  }

  #failure(error: unknown): Pick<FirmwareJob, 'state' | 'fault'> {
    if (!(error instanceof Fault)) this.#platform.log.error('firmware.defect', error);
    const fault =
      error instanceof Fault ? error : new Fault('internal', 'something in Gongwei itself went wrong');
    if (fault.code === 'cancelled') return { state: 'cancelled', fault: null };
    return { state: 'failed', fault: fault.toView() };
  }
}
