/** How long an answer may be held: below the time in which a connection must have logged in. */
const LONGEST_HOLD_MS = 5000;
/** Connections of one address that wait for a refusal; more of them are ended without an answer. */
const MOST_PER_ADDRESS = 32;

/** RefusalLog that are given later, so that a series of tries is slow. */
export interface DelayedReplies {
  /** Calls `give` after the wait, or `drop` at once when the address has too many open. */
  hold(address: string, waitMs: number, give: () => void, drop: () => void): void;
  /** Forgets all of them. */
  close(): void;
}

export function createDelayedReplies(): DelayedReplies {
  const open = new Map<string, number>();
  const timers = new Set<NodeJS.Timeout>();
  return {
    hold(address, waitMs, give, drop) {
      if (waitMs === 0) return give();
      const held = open.get(address) ?? 0;
      if (held >= MOST_PER_ADDRESS) return drop();
      open.set(address, held + 1);
      const timer = setTimeout(
        () => {
          timers.delete(timer);
          const left = (open.get(address) ?? 1) - 1;
          if (left === 0) open.delete(address);
          else open.set(address, left);
          give();
        },
        Math.min(waitMs, LONGEST_HOLD_MS),
      );
      timers.add(timer);
    },
    close() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      open.clear();
    },
  };
}
