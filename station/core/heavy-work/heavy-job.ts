import type { FaultView } from '#shared/domain/fault.ts';

/** What a job is given while it works. */
export interface JobContext<Progress> {
  readonly signal: AbortSignal;
  readonly onProgress: (at: Progress) => void;
}

/**
 * Work that would hold the thread of the station for longer than a few milliseconds. Its task, its result and its progress are plain
 * data, so that it runs in either thread.
 */
export interface HeavyJob<Task, Result, Progress = never> {
  readonly name: string;
  /** True for a job that leaves nothing behind: its thread is ended at once when it is cancelled. */
  readonly isPure: boolean;
  run(task: Task, context: JobContext<Progress>): Promise<Result>;
}

/** What a thread is started with. Plain data. */
export interface ThreadTask {
  readonly job: string;
  readonly task: unknown;
}

/** What the thread says: that it has begun, its progress, and its ending. */
export type ThreadMessage =
  | { readonly kind: 'begun' }
  | { readonly kind: 'progress'; readonly at: unknown }
  | ThreadEnding;

export type ThreadEnding =
  | { readonly kind: 'result'; readonly result: unknown }
  | { readonly kind: 'fault'; readonly fault: FaultView };
