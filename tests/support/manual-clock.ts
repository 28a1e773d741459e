import type { Clock } from '../../station/core/platform/index.ts';

/** A clock that advances only when the test advances it. */
export interface ManualClock extends Clock {
  /** Both clocks go on; sleepers whose time has come wake up, and what they do first is done when it returns. */
  pass(ms: number): Promise<void>;
  /** Only the wall clock jumps, as after sleep or when it is set. */
  jump(ms: number): void;
  readonly sleepers: number;
}

export function manualClock(startMs = Date.UTC(2026, 10, 21, 8)): ManualClock {
  let wallMs = startMs;
  let monotonicMs = 1000;
  const sleeping = new Set<{ readonly untilMs: number; readonly wake: () => void }>();
  return {
    nowMs: () => wallMs,
    monotonicMs: () => monotonicMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { untilMs: monotonicMs + ms, wake: resolve };
        sleeping.add(sleeper);
        signal.addEventListener('abort', () => {
          sleeping.delete(sleeper);
          reject(signal.reason as Error);
        });
      }),
    async pass(ms) {
      wallMs += ms;
      monotonicMs += ms;
      for (const sleeper of [...sleeping]) {
        if (sleeper.untilMs > monotonicMs) continue;
        sleeping.delete(sleeper);
        sleeper.wake();
      }
      await new Promise((resolve) => setImmediate(resolve));
    },
    jump(ms) {
      wallMs += ms;
    },
    get sleepers() {
      return sleeping.size;
    },
  };
}
