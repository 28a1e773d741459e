import type { Task } from './task.ts';

/** Calls `work` at an interval until `signal` aborts. The first call is after one interval. */
export async function repeatedly(
  task: Task,
  everyMs: number,
  signal: AbortSignal,
  work: () => void,
): Promise<void> {
  for (;;) {
    await task.context.wait(everyMs, signal);
    work();
  }
}
