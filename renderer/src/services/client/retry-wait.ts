/** Waits `ms`; less when the network comes back, the page becomes visible, or the signal fires. */
export function retryWait(window: Window): (ms: number, signal: AbortSignal) => Promise<void> {
  return (ms, signal) =>
    new Promise((resolve) => {
      const ended = new AbortController();
      const done = (): void => {
        ended.abort();
        window.clearTimeout(timer);
        resolve();
      };
      const timer = window.setTimeout(done, ms);
      const options = { signal: ended.signal };
      window.addEventListener('online', done, options);
      window.document.addEventListener('visibilitychange', done, options);
      signal.addEventListener('abort', done, options);
      if (signal.aborted) done();
    });
}
