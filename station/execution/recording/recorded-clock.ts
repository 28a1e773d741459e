import type { Clock } from '../../core/platform/index.ts';

export interface RecordedClock {
  /** The clock that the run gets: monotonic from 0, in hundredths of a millisecond, so that a replay can say the same. */
  readonly clock: Clock;
  tick(): number;
  /** How many waits were begun. */
  waits(): number;
  /** What the clock answered since the last time this was asked. */
  reads(): { readonly c?: readonly number[]; readonly wall?: readonly number[] };
}

/**
 * @param startedAtMs wall clock to which the recording relates
 * @param over called when a wait came to its end, with its number and length
 */
export function recordedClock(
  real: Clock,
  startedAtMs: number,
  over: (n: number, ms: number) => void,
): RecordedClock {
  const startedMs = real.monotonicMs();
  let monotonic: number[] = [];
  let wall: number[] = [];
  let waits = 0;
  const tick = (): number => Math.round((real.monotonicMs() - startedMs) * 100) / 100;
  return {
    tick,
    waits: () => waits,
    reads() {
      const said = {
        ...(monotonic.length === 0 ? {} : { c: monotonic }),
        ...(wall.length === 0 ? {} : { wall }),
      };
      monotonic = [];
      wall = [];
      return said;
    },
    clock: {
      nowMs() {
        const now = real.nowMs();
        wall.push(now - startedAtMs);
        return now;
      },
      monotonicMs() {
        const now = tick();
        monotonic.push(now);
        return now;
      },
      async sleep(ms, signal) {
        const n = waits;
        waits += 1;
        await real.sleep(ms, signal);
        over(n, ms);
      },
    },
  };
}
