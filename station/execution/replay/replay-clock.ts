import { abortFault } from '#shared/domain/fault.ts';
import type { Clock } from '../../core/platform/index.ts';
import type { Projector } from './replay-scheduler.ts';

/** Time as the run that is replayed sees it: what it read then, and what came to its end then. */
export function createPlayClock(projector: Projector, startedAtMs: number): Clock {
  return {
    nowMs: () => Math.round(startedAtMs + (projector.read('wall') ?? projector.nowMs)),
    monotonicMs: () => projector.read('c') ?? projector.nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const stop = (): void => {
          projector.forget(wait);
          reject(abortFault(signal));
        };
        const wait = projector.wait(ms, () => {
          signal.removeEventListener('abort', stop);
          resolve();
        });
        if (signal.aborted) stop();
        else signal.addEventListener('abort', stop, { once: true });
      }),
  };
}

/** The same time for what surrounds the run and was not recorded. */
export function createBesideClock(projector: Projector, startedAtMs: number, real: Clock): Clock {
  return {
    nowMs: () => Math.round(startedAtMs + projector.nowMs),
    monotonicMs: () => projector.nowMs,
    sleep: (ms, signal) => real.sleep(ms, signal),
  };
}
