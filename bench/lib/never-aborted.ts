/** For calls that a benchmark never stops. */
export const NEVER_ABORTED: AbortSignal = new AbortController().signal;
