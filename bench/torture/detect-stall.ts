/** Longer than all waits that a run may have, one after the other. */
const STALL_MS = 200_000;

/** Nothing killed and nothing passed for so long is a defect of its own: somebody waits for what will not come. */
export function stall(state: () => string): { readonly found: Promise<never>; stop(): void } {
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
