let held: PromiseWithResolvers<void> | null = null;

/** Resolves after `ms`, as a unit or a disk takes its time, and not while work is held; rejects with the reason of the signal. */
export async function wait(ms: number, signal: AbortSignal): Promise<void> {
  const stopped = Promise.withResolvers<never>();
  const stop = (): void => stopped.reject(signal.reason as Error);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await Promise.race([new Promise((resolve) => setTimeout(resolve, ms)), stopped.promise]);
    while (held !== null) await Promise.race([held.promise, stopped.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Keeps the station's work from getting on until it is released, so that a test sees it under way. */
export function holdWork(): void {
  held ??= Promise.withResolvers();
}

export function releaseWork(): void {
  held?.resolve();
  held = null;
}
