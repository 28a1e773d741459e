import { LINE_END_MS } from '#shared/domain/scan/index.ts';

/** Returns false for an empty line that is only the second line end of a scanner, which may send CR and LF. */
export function createLineFilter(nowMs: () => number): (line: string) => boolean {
  let lastAtMs = Number.NEGATIVE_INFINITY;
  return (line) => {
    const passedMs = nowMs() - lastAtMs;
    lastAtMs = nowMs();
    return line !== '' || passedMs >= LINE_END_MS;
  };
}
