/** Waits `ms`, or until the machine's network came back or the page was looked at again, or the signal fired. */
export function eagerWait(window: Window): (ms: number, signal: AbortSignal) => Promise<void> {
  return (ms, signal) =>
    new Promise((resolve) => {
      const over = new AbortController();
      const done = (): void => {
        over.abort();
        window.clearTimeout(timer);
        resolve();
      };
      const timer = window.setTimeout(done, ms);
      const options = { signal: over.signal };
      window.addEventListener('online', done, options);
      window.document.addEventListener('visibilitychange', done, options);
      signal.addEventListener('abort', done, options);
      if (signal.aborted) done();
    });
}
