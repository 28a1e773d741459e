/** A process has one command, and so one listener; tests run several commands in one process. */
const listeners = new Set<() => void>();

/**
 * Calls the listener when the reader of standard output is gone (`| head`). The signal SIGPIPE cannot be used for that: a
 * process that listens to it gets it for every broken pipe and socket, also when a unit or a page disconnects.
 */
export function onOutputClosed(listener: () => void): void {
  listeners.add(listener);
}

/** Calls all listeners. Returns false when there are none. */
export function notifyOutputClosed(): boolean {
  for (const listener of listeners) listener();
  return listeners.size > 0;
}
