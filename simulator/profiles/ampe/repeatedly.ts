import type { Task } from './task.ts';

/** Does something every so often until it is ended; the first time after one interval. */
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
