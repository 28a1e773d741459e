/** The signal of a call that a test never aborts. */
export const NEVER_ABORTED: AbortSignal = new AbortController().signal;
