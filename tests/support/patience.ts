/**
 * How long a test waits for something that should happen, in milliseconds: longer than a busy machine needs, shorter than
 * the time limit of a test, so that a wait that fails names what it waited for.
 */
export const PATIENCE_MS = 90_000;

/** A signal with the time limit of work that should succeed. */
export function soon(): AbortSignal {
  return AbortSignal.timeout(PATIENCE_MS);
}
