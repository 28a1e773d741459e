import { contract } from '#shared/contract/index.ts';
import type { Session } from '#shared/rpc/index.ts';
import type { Clock, Log } from '../../core/platform/index.ts';

/** After this time without a call a signed-in user is signed out. */
const IDLE_MS = 15 * 60_000;
/** Pages make these calls by themselves, so they do not show that the user is still there. */
const AUTOMATIC_CALLS: ReadonlySet<string> = new Set(
  Object.entries(contract.calls)
    .filter(([, { automatic }]) => automatic)
    .map(([name]) => name),
);

/** Signs out users who have left. */
export interface IdleMonitor {
  /** Monitors a session until its user has changed. */
  start(session: Session): void;
  /** Reports a call: the user is present until it was answered, unless the session has been idle for too long. */
  reportCall(session: Session, call: string): Disposable;
  close(): void;
}

interface Activity {
  underWay: number;
  lastWallMs: number;
  lastMonotonicMs: number;
}

/** @param onIdle signs the session out */
export function createIdleMonitor(clock: Clock, log: Log, onIdle: (session: Session) => void): IdleMonitor {
  const activities = new Map<Session, Activity>();
  const closing = new AbortController();

  const touch = (activity: Activity): void => {
    activity.lastWallMs = clock.nowMs();
    activity.lastMonotonicMs = clock.monotonicMs();
  };
  /** By both clocks: the monotonic one stands still while the computer sleeps, the wall clock may be set back. */
  const idleFor = (activity: Activity): number =>
    activity.underWay > 0
      ? 0
      : Math.max(clock.nowMs() - activity.lastWallMs, clock.monotonicMs() - activity.lastMonotonicMs);
  const end = (session: Session): void => {
    activities.delete(session);
    onIdle(session);
  };

  async function monitor(session: Session, activity: Activity): Promise<void> {
    while (activities.get(session) === activity) {
      const leftMs = IDLE_MS - idleFor(activity);
      if (leftMs <= 0) return end(session);
      await clock.sleep(leftMs, closing.signal);
    }
  }

  return {
    start(session) {
      const activity: Activity = { underWay: 0, lastWallMs: 0, lastMonotonicMs: 0 };
      touch(activity);
      activities.set(session, activity);
      const stop = session.onChange(() => {
        // The user signed out, or another one signed in, who is monitored separately.
        stop();
        if (activities.get(session) === activity) activities.delete(session);
      });
      monitor(session, activity).catch((error: unknown) => {
        if (!closing.signal.aborted) log.error('access.sign-out', error);
      });
    },
    reportCall(session, call) {
      const activity = activities.get(session);
      if (activity === undefined) return { [Symbol.dispose]: () => undefined };
      // The timer is late after the computer has slept: the call must not count as one of that user.
      if (idleFor(activity) >= IDLE_MS) end(session);
      else if (!AUTOMATIC_CALLS.has(call)) {
        touch(activity);
        activity.underWay += 1;
        return {
          [Symbol.dispose]() {
            activity.underWay -= 1;
            touch(activity);
          },
        };
      }
      return { [Symbol.dispose]: () => undefined };
    },
    close: () => closing.abort(),
  };
}
