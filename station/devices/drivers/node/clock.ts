import { Fault } from '#shared/domain/fault.ts';
import type { Clock } from '../../../core/platform/index.ts';

export function createNodeClock(): Clock {
  return { nowMs: () => Date.now(), monotonicMs: () => performance.now(), sleep };
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const reason = (): unknown =>
      signal.reason instanceof Fault ? signal.reason : new Fault('cancelled', 'stopped while waiting');
    if (signal.aborted) {
      reject(reason());
      return;
    }
    const stop = (): void => {
      clearTimeout(timer);
      reject(reason());
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}
