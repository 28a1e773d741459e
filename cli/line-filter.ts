import { LINE_END_MS } from '#shared/domain/scan/index.ts';

/** Tells lines that a person or a scanner ended from the second end of one line: a scanner may send CR and LF. */
export function createLineFilter(nowMs: () => number): (line: string) => boolean {
  let lastAtMs = Number.NEGATIVE_INFINITY;
  return (line) => {
    const passedMs = nowMs() - lastAtMs;
    lastAtMs = nowMs();
    return line !== '' || passedMs >= LINE_END_MS;
  };
}
