const SIGNALS = ['SIGINT', 'exit'] as const;

/**
 * Runs what registers handlers for the end of the process, and takes those away again: bleno ends the whole process on
 * Ctrl-C, one handler per device, where the simulator has to put its units down in good order.
 */
export function quietly<T>(work: () => T): T {
  const before = SIGNALS.map((name) => process.listeners(name as 'SIGINT'));
  try {
    return work();
  } finally {
    for (const [at, name] of SIGNALS.entries()) {
      for (const listener of process.listeners(name as 'SIGINT')) {
        if (before[at]?.includes(listener) !== true) process.removeListener(name, listener);
      }
    }
  }
}
