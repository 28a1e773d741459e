import { Fault } from '#shared/domain/fault.ts';
import type { Clock } from '../platform/index.ts';

const MOST_WRONG = 5;
const LOCKED_MS = 30_000;

/**
 * Counts wrong PINs by name: after five, 30 s of nothing for that name, the right PIN included.
 *
 * Of a station that was stopped only the count is known, not how long ago it was: the wall clock may have been set, the
 * other begins anew. A name that was locked is so for 30 s again, so that no restart makes it shorter and no clock longer.
 */
export interface LockOut {
  /** Faults: `pin-locked`, with the seconds to wait. */
  check(name: string): void;
  /** How many there are now in a row, to be kept. */
  wrong(name: string): { readonly inARow: number; readonly locked: boolean };
  /** The right one came, or the name is nobody's any more. */
  forget(name: string): void;
}

/** @param kept how many there were of each name when the station was stopped. */
export function createLockOut(clock: Clock, kept: ReadonlyMap<string, number>): LockOut {
  const counts = new Map(kept);
  const lockedUntil = new Map<string, number>();
  const lock = (name: string): void => void lockedUntil.set(name, clock.monotonicMs() + LOCKED_MS);
  for (const [name, count] of kept) if (count >= MOST_WRONG) lock(name);
  return {
    check(name) {
      const until = lockedUntil.get(name);
      if (until === undefined) return;
      const seconds = Math.ceil((until - clock.monotonicMs()) / 1000);
      if (seconds <= 0) {
        lockedUntil.delete(name);
        counts.delete(name);
        return;
      }
      throw new Fault('pin-locked', `too many wrong PINs for ${name}`, {
        hint: `Wait ${seconds} s, then try again.`,
        details: { seconds },
      });
    },
    wrong(name) {
      const inARow = Math.min((counts.get(name) ?? 0) + 1, MOST_WRONG);
      counts.set(name, inARow);
      const locked = inARow === MOST_WRONG;
      if (locked) lock(name);
      return { inARow, locked };
    },
    forget(name) {
      counts.delete(name);
      lockedUntil.delete(name);
    },
  };
}
