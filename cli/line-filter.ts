import { LINE_END_MS } from '#shared/domain/scan/index.ts';

/** Returns false for an empty line that is only the second line end of a scanner, which may send CR and LF. */
export function createLineFilter(nowMs: () => number): (line: string) => boolean {
  let lastLineAtMs = Number.NEGATIVE_INFINITY;
  return (line) => {
    const pauseMs = nowMs() - lastLineAtMs;
    lastLineAtMs = nowMs();
    return line !== '' || pauseMs >= LINE_END_MS;
  };
}
