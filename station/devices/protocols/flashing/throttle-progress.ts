import type { Clock } from '../../../core/platform/index.ts';
import type { FlashProgress } from './flash-protocol.ts';

const INTERVAL_MS = 100;

/** Passes progress on at most ten times a second, and each change of the stage, each change of the image and each end at once. */
export function throttleProgress(
  onProgress: (progress: FlashProgress) => void,
  clock: Clock,
): (progress: FlashProgress) => void {
  let last: FlashProgress | null = null;
  let nextMs = 0;
  return (progress) => {
    const isSame = last?.stage === progress.stage && last.image === progress.image;
    const nowMs = clock.monotonicMs();
    if (isSame && nowMs < nextMs && !isEnd(progress)) return;
    last = progress;
    nextMs = nowMs + INTERVAL_MS;
    onProgress(progress);
  };
}

function isEnd({ percent, doneBytes, totalBytes }: FlashProgress): boolean {
  return percent === undefined ? doneBytes >= totalBytes : percent >= 100;
}
