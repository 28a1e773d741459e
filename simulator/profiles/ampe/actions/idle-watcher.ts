import { doneWithoutData } from '../envelope.ts';
import type { Action, Actions, Task } from '../task.ts';

const WATCHING = 'idle';
/** Default of an installed app in document 004; 0 would disable it. */
const IDLE_MS = 30_000;

/** Measures the time since the last request. Reports once per start. */
const ampeStartOperationWatcher: Action = async (task) => {
  watch(task);
  return doneWithoutData();
};

/** Restarts the idle time, because every request is an operation. */
export function restartIdleWatcher(task: Task): void {
  if (task.terminal.isActive(WATCHING)) watch(task);
}

function watch(task: Task): void {
  const { context, deliver, terminal } = task;
  const counting = terminal.start(WATCHING, task.signal);
  const count = async (): Promise<void> => {
    await context.wait(IDLE_MS, counting);
    terminal.end(WATCHING);
    deliver('ampeOperationTimeout');
  };
  task.track(count());
}

export const IDLE_CALLS: Actions = { ampeStartOperationWatcher };
