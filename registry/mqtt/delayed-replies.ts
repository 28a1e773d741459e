/** Longest delay; shorter than the time limit of a login. */
const MAX_DELAY_MS = 5000;
/** Delayed replies per address; further connections are closed without a reply. */
const MAX_PER_ADDRESS = 32;

/** Replies to refused logins that are sent later, so that a series of attempts is slow. */
export interface DelayedReplies {
  /** Calls `send` after the delay, or `drop` at once when the address has too many delayed replies. */
  schedule(address: string, delayMs: number, send: () => void, drop: () => void): void;
  /** Cancels all. */
  close(): void;
}

export function createDelayedReplies(): DelayedReplies {
  const countByAddress = new Map<string, number>();
  const timers = new Set<NodeJS.Timeout>();
  return {
    schedule(address, delayMs, send, drop) {
      if (delayMs === 0) return send();
      const count = countByAddress.get(address) ?? 0;
      if (count >= MAX_PER_ADDRESS) return drop();
      countByAddress.set(address, count + 1);
      const timer = setTimeout(
        () => {
          timers.delete(timer);
          const left = (countByAddress.get(address) ?? 1) - 1;
          if (left === 0) countByAddress.delete(address);
          else countByAddress.set(address, left);
          send();
        },
        Math.min(delayMs, MAX_DELAY_MS),
      );
      timers.add(timer);
    },
    close() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      countByAddress.clear();
    },
  };
}
