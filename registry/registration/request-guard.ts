/** Tencent's documents name no window; unit clocks that were set over the network are within it. */
const WINDOW_MS = 10 * 60_000;
/** Requests of one address in `RATE_MS`, the good ones too: a line with many units behind one address stays below. */
const MAX_PER_ADDRESS = 600;
const RATE_MS = 60_000;
/** Bounds the memory; the oldest entry is removed first. */
const MAX_ENTRIES = 20_000;

/** Detects requests that are too old, repeated, or too many. */
export interface RequestGuard {
  /** Counts a request of an address; false when it has sent too many. */
  admit(address: string): boolean;
  /** True when the time of a request is near that of the registry. */
  isTimely(timestampS: number): boolean;
  /** False for a request that was accepted before. */
  acceptOnce(signature: string): boolean;
}

export function createRequestGuard(nowMs: () => number): RequestGuard {
  const seen = new Map<string, number>();
  const rates = new Map<string, { sinceMs: number; count: number }>();

  function bound(map: Map<string, unknown>): void {
    const [oldest] = map.keys();
    if (map.size > MAX_ENTRIES && oldest !== undefined) map.delete(oldest);
  }

  return {
    admit(address) {
      const atMs = nowMs();
      const rate = rates.get(address);
      if (rate === undefined || Math.abs(atMs - rate.sinceMs) >= RATE_MS) {
        rates.delete(address);
        rates.set(address, { sinceMs: atMs, count: 1 });
        bound(rates);
        return true;
      }
      rate.count += 1;
      return rate.count <= MAX_PER_ADDRESS;
    },
    isTimely: (timestampS) => Math.abs(timestampS * 1000 - nowMs()) <= WINDOW_MS,
    acceptOnce(signature) {
      const atMs = nowMs();
      for (const [key, sinceMs] of seen) {
        // A request is timely for one window before and one after its time.
        if (Math.abs(atMs - sinceMs) <= 2 * WINDOW_MS) break;
        seen.delete(key);
      }
      if (seen.has(signature)) return false;
      seen.set(signature, atMs);
      bound(seen);
      return true;
    },
  };
}
