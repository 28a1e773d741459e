const SIGNALS = ['SIGINT', 'exit'] as const;

/**
 * Runs `work` and removes the exit handlers that it registers. bleno registers one per device that ends the whole process
 * on Ctrl-C, although the simulator still has to switch its units off.
 */
export function withoutExitHandlers<T>(work: () => T): T {
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
