import { abortFault } from '#shared/domain/fault.ts';
import type { Clock } from '../../core/platform/index.ts';
import type { ReplayScheduler } from './replay-scheduler.ts';

/** The clock of a replayed run: it returns the recorded times, and its waits end as the recorded ones did. */
export function createReplayClock(scheduler: ReplayScheduler, startedAtMs: number): Clock {
  return {
    nowMs: () => Math.round(startedAtMs + (scheduler.readClock('wallClock') ?? scheduler.nowMs)),
    monotonicMs: () => scheduler.readClock('clock') ?? scheduler.nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const stop = (): void => {
          scheduler.cancelTimer(timer);
          reject(abortFault(signal));
        };
        const timer = scheduler.startTimer(ms, () => {
          signal.removeEventListener('abort', stop);
          resolve();
        });
        if (signal.aborted) stop();
        else signal.addEventListener('abort', stop, { once: true });
      }),
  };
}

/** The same time for the surroundings of the run (ledger, scripts), whose reads were not recorded; its waits are real. */
export function createSurroundingsClock(scheduler: ReplayScheduler, startedAtMs: number, real: Clock): Clock {
  return {
    nowMs: () => Math.round(startedAtMs + scheduler.nowMs),
    monotonicMs: () => scheduler.nowMs,
    sleep: (ms, signal) => real.sleep(ms, signal),
  };
}
