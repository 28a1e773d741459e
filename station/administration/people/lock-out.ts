import { Fault } from '#shared/domain/fault.ts';
import type { Clock } from '../../core/platform/index.ts';

/** So many wrong PINs in a row are a person's own mistakes. */
const FORGIVEN = 4;
/** At one session, over all names: a list of names is no way round. */
const FORGIVEN_AT_A_SEAT = 9;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 60 * 60_000;
/** After a restart nobody knows which session it was, and everybody waits: not for as long as a stranger likes. */
const LONGEST_AFTER_RESTART_MS = 5 * 60_000;
/** From here on the wait is the longest: more is not counted. */
const MOST_COUNTED = 99;

/** Where somebody tries: a browser's session, a window, the terminal. */
export type AttemptSource = object;

export interface Tried {
  readonly inARow: number;
  /** Whether the next try has to wait. */
  readonly locked: boolean;
}

/**
 * Counts wrong PINs. The fifth in a row for a name is followed by a wait of 30 s, each further one by twice the wait
 * before, up to an hour; the right PIN ends the row.
 *
 * Wrong PINs in a row are counted by name, at all places together; the wait is for that name at that place. So a
 * stranger at one page keeps nobody out at another, and no change of place makes the next wait shorter. A place that
 * goes through many names waits as well.
 *
 * Of a station that was stopped only the count is known, not how long ago it was: the wall clock may have been set, the
 * other begins anew. A name that had to wait does so again everywhere, for five minutes at most, so that no restart
 * makes it shorter and no clock longer.
 */
export interface LockOut {
  /** How long until this name may be tried here, ms; 0 when it may. */
  leftMs(name: string, attemptSource: AttemptSource): number;
  /** Faults: `pin-locked`, with the seconds to wait. */
  check(name: string, attemptSource: AttemptSource): void;
  /** How many there are now in a row, to be kept; `name` null for one that is nobody's. */
  wrong(name: string | null, attemptSource: AttemptSource): Tried;
  /** The right one came here. */
  right(name: string, attemptSource: AttemptSource): void;
  /** The name is nobody's any more. */
  forget(name: string): void;
}

interface Tries {
  inARow: number;
  /** For any name here. */
  untilMs: number;
  readonly untilMsOf: Map<string, number>;
}

/** @param kept how many there were of each name when the station was stopped. */
export function createLockOut(clock: Clock, kept: ReadonlyMap<string, number>): LockOut {
  const counts = new Map(kept);
  const places = new WeakMap<AttemptSource, Tries>();
  const everywhere = new Map<string, number>();
  for (const [name, count] of kept) {
    const waitMs = Math.min(waitAfterMs(count, FORGIVEN), LONGEST_AFTER_RESTART_MS);
    if (waitMs > 0) everywhere.set(name, clock.monotonicMs() + waitMs);
  }
  const at = (attemptSource: AttemptSource): Tries => {
    const known = places.get(attemptSource) ?? {
      inARow: 0,
      untilMs: 0,
      untilMsOf: new Map<string, number>(),
    };
    places.set(attemptSource, known);
    return known;
  };
  const leftMs = (name: string, attemptSource: AttemptSource): number => {
    const { untilMs, untilMsOf } = at(attemptSource);
    const until = Math.max(untilMs, untilMsOf.get(name) ?? 0, everywhere.get(name) ?? 0);
    return Math.max(0, until - clock.monotonicMs());
  };
  return {
    leftMs,
    check(name, attemptSource) {
      const seconds = Math.ceil(leftMs(name, attemptSource) / 1000);
      if (seconds === 0) return;
      throw new Fault('pin-locked', `too many wrong PINs for ${name}`, {
        hint: `Wait ${seconds} s, then try again.`,
        details: { seconds },
      });
    },
    wrong(name, attemptSource) {
      const tries = at(attemptSource);
      tries.inARow = Math.min(tries.inARow + 1, MOST_COUNTED);
      const seatWaitMs = waitAfterMs(tries.inARow, FORGIVEN_AT_A_SEAT);
      const inARow = name === null ? 0 : Math.min((counts.get(name) ?? 0) + 1, MOST_COUNTED);
      const waitMs = waitAfterMs(inARow, FORGIVEN);
      if (name !== null) {
        counts.set(name, inARow);
        if (waitMs > 0) tries.untilMsOf.set(name, clock.monotonicMs() + waitMs);
      }
      if (seatWaitMs > 0) tries.untilMs = clock.monotonicMs() + seatWaitMs;
      return { inARow, locked: waitMs > 0 || seatWaitMs > 0 };
    },
    right(name, attemptSource) {
      counts.delete(name);
      everywhere.delete(name);
      const tries = at(attemptSource);
      tries.inARow = 0;
      tries.untilMsOf.delete(name);
    },
    forget(name) {
      counts.delete(name);
      everywhere.delete(name);
    },
  };
}

function waitAfterMs(inARow: number, forgiven: number): number {
  if (inARow <= forgiven) return 0;
  return Math.min(FIRST_WAIT_MS * 2 ** (inARow - forgiven - 1), LONGEST_WAIT_MS);
}
