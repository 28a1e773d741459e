import { doneWithoutData } from '../envelope.ts';
import type { Action, Actions, Task } from '../task.ts';

const WATCHING = 'idle';
/** Document 004: as an app is set when it is installed; 0 would switch it off. */
const IDLE_MS = 30_000;

/** Counts from the last request on; tells once, and counts again when it is started again. */
const ampeStartOperationWatcher: Action = async (task) => {
  watch(task);
  return doneWithoutData();
};

/** Every request is an operation. */
export function restartIdleWatcher(task: Task): void {
  if (task.terminal.isActive(WATCHING)) watch(task);
}

function watch(task: Task): void {
  const { context, deliver, terminal } = task;
  const counting = terminal.begin(WATCHING, task.signal);
  const count = async (): Promise<void> => {
    await context.wait(IDLE_MS, counting);
    terminal.end(WATCHING);
    deliver('ampeOperationTimeout');
  };
  task.track(count());
}

export const IDLE_CALLS: Actions = { ampeStartOperationWatcher };
