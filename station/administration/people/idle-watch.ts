import type { StationContract } from '#shared/contract/index.ts';
import type { SessionRef } from '#shared/rpc/index.ts';
import type { Clock, Log } from '../../core/platform/index.ts';

/** Signed in and gone for a coffee: so long, then the session is the operator's again. */
const IDLE_MS = 15 * 60_000;
/**
 * What pages ask by themselves, without a person doing anything: when they open a wire, and whenever a topic has moved.
 * On a running line they do so all day.
 */
const ASKED_BY_PAGES: ReadonlySet<string> = new Set([
  'batches.list',
  'firmware.list',
  'reports.batch',
  'runs.list',
  'session.current',
  'session.people',
  'station.info',
  'sync.messages',
] satisfies (keyof StationContract['calls'])[]);

/** Watches the sessions where somebody has signed in. */
export interface IdleWatch {
  /** From now on, until the session is its initial person's again. */
  watch(sessionRef: SessionRef): void;
  /** A call came in on the sessionRef: it is idle now, or somebody is there until the call has been answered. */
  note(sessionRef: SessionRef, call: string): Disposable;
  close(): void;
}

interface Seat {
  underWay: number;
  lastWallMs: number;
  lastMonotonicMs: number;
}

/** @param onIdle signs the session out. */
export function createIdleWatch(clock: Clock, log: Log, onIdle: (sessionRef: SessionRef) => void): IdleWatch {
  const sessionRefs = new Map<SessionRef, Seat>();
  const closing = new AbortController();

  const touch = (state: Seat): void => {
    state.lastWallMs = clock.nowMs();
    state.lastMonotonicMs = clock.monotonicMs();
  };
  /** By both clocks: one stands still while the computer sleeps, the other may be set back. */
  const idleFor = (state: Seat): number =>
    state.underWay > 0
      ? 0
      : Math.max(clock.nowMs() - state.lastWallMs, clock.monotonicMs() - state.lastMonotonicMs);
  const end = (sessionRef: SessionRef): void => {
    sessionRefs.delete(sessionRef);
    onIdle(sessionRef);
  };

  async function keepWatch(sessionRef: SessionRef, state: Seat): Promise<void> {
    while (sessionRefs.get(sessionRef) === state) {
      const leftMs = IDLE_MS - idleFor(state);
      if (leftMs <= 0) return end(sessionRef);
      await clock.sleep(leftMs, closing.signal);
    }
  }

  return {
    watch(sessionRef) {
      const state: Seat = { underWay: 0, lastWallMs: 0, lastMonotonicMs: 0 };
      touch(state);
      sessionRefs.set(sessionRef, state);
      const stop = sessionRef.onChange(() => {
        // Signed out, or somebody else signed in, whose own watch has begun.
        stop();
        if (sessionRefs.get(sessionRef) === state) sessionRefs.delete(sessionRef);
      });
      keepWatch(sessionRef, state).catch((error: unknown) => {
        if (!closing.signal.aborted) log.error('access.sign-out', error);
      });
    },
    note(sessionRef, call) {
      const state = sessionRefs.get(sessionRef);
      if (state === undefined) return { [Symbol.dispose]: () => undefined };
      // The timer may be late (a computer that slept): nobody's call may pass as that person's.
      if (idleFor(state) >= IDLE_MS) end(sessionRef);
      else if (!ASKED_BY_PAGES.has(call)) {
        touch(state);
        state.underWay += 1;
        return {
          [Symbol.dispose]() {
            state.underWay -= 1;
            touch(state);
          },
        };
      }
      return { [Symbol.dispose]: () => undefined };
    },
    close: () => closing.abort(),
  };
}
