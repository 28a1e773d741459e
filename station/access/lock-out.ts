import { Fault } from '#shared/domain/fault.ts';
import type { Clock } from '../platform/index.ts';

const MOST_WRONG = 5;
const LOCKED_MS = 30_000;

/** Counts wrong PINs by name: after five, 30 s of nothing for that name, the right PIN included. */
export interface LockOut {
  /** Faults: `pin-locked`, with the seconds to wait. */
  check(name: string): void;
  /** True when this one was one too many. */
  wrong(name: string): boolean;
  right(name: string): void;
}

export function createLockOut(clock: Clock): LockOut {
  const counts = new Map<string, number>();
  const lockedUntil = new Map<string, number>();
  return {
    check(name) {
      const until = lockedUntil.get(name);
      if (until === undefined) return;
      const seconds = Math.ceil((until - clock.monotonicMs()) / 1000);
      if (seconds <= 0) {
        lockedUntil.delete(name);
        return;
      }
      throw new Fault('pin-locked', `too many wrong PINs for ${name}`, {
        hint: `Wait ${seconds} s, then try again.`,
        details: { seconds },
      });
    },
    wrong(name) {
      const count = (counts.get(name) ?? 0) + 1;
      if (count < MOST_WRONG) {
        counts.set(name, count);
        return false;
      }
      counts.delete(name);
      lockedUntil.set(name, clock.monotonicMs() + LOCKED_MS);
      return true;
    },
    right: (name) => void counts.delete(name),
  };
}
