/** One command of a process has one listener; tests run several commands in one process. */
const listeners = new Set<() => void>();

/**
 * Calls the listener when the reader of standard output has closed it (`| head`). SIGPIPE cannot be used for that, because a
 * process receives it for every broken pipe and socket, also when a unit or a page disconnects.
 */
export function onOutputClosed(listener: () => void): void {
  listeners.add(listener);
}

/** Calls all listeners. Returns false when there are none. */
export function notifyOutputClosed(): boolean {
  for (const listener of listeners) listener();
  return listeners.size > 0;
}
