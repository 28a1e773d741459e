/** Longer than all limits of a run together. */
const STALL_MS = 200_000;

/** Rejects `found` when `state` has not changed for 200 s: then some wait never ends. */
export function detectStall(state: () => string): { readonly found: Promise<never>; stop(): void } {
  let last = '';
  let since = performance.now();
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setInterval(() => {
    const now = state();
    if (now !== last) {
      last = now;
      since = performance.now();
    } else if (performance.now() - since > STALL_MS) {
      reject(new Error(`nothing has happened for ${STALL_MS / 1000} s`));
    }
  }, 1000);
  promise.catch(() => undefined);
  return { found: promise, stop: () => clearInterval(timer) };
}
