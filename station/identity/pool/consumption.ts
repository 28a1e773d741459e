const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** The last hour says how fast the line is now, the last four that a break was only a break. */
export const CONSUMPTION_WINDOWS_MS = [HOUR_MS, 4 * HOUR_MS] as const;
/** A shift's first units come in a burst; over less time than this they would promise too much. */
const SHORTEST_SPAN_MS = 10 * MINUTE_MS;
/** The line must be warned this long before it stops. */
const WARNING_MS = HOUR_MS;

/** Claims of one product in one window that ends now. */
export interface Claimed {
  readonly claims: number;
  /** Unix milliseconds of the first. */
  readonly firstAt: number;
  /** Of those, triples that any unit might have had, and the first of them. */
  readonly freeClaims?: number;
  readonly freeFirstAt?: number | null;
}

export interface Consumption {
  readonly perHour: number;
  /** What `emptyInMs` is about: all available triples, or those that any unit may have. */
  readonly emptyOf: 'all' | 'free';
  /** How long they last at that rate; null when nothing is consumed and something is left. */
  readonly emptyInMs: number | null;
  readonly emptySoon: boolean;
}

/**
 * How fast triples go and when the pool is empty, by the fastest of the windows: better warned early than late. Triples
 * that are for one unit each are no stock for the others: as long as those are worked on, what any unit may have counts
 * alone.
 *
 * @param bound how many of the available ones are for one unit each.
 */
export function consumptionOf(
  windows: readonly (Claimed | undefined)[],
  available: number,
  nowMs: number,
  bound = 0,
): Consumption {
  const rate = rateOf(windows, nowMs);
  const freeRate = bound === 0 ? 0 : rateOf(windows.map(freeOf), nowMs);
  const emptyInMs = freeRate === 0 ? lasting(available, rate) : lasting(available - bound, freeRate);
  return {
    perHour: Math.round(rate * 10) / 10,
    emptyOf: freeRate === 0 ? 'all' : 'free',
    emptyInMs,
    emptySoon: emptyInMs !== null && emptyInMs < WARNING_MS,
  };
}

function rateOf(windows: readonly (Claimed | undefined)[], nowMs: number): number {
  const rates = windows.map((window, index) => {
    const lengthMs = CONSUMPTION_WINDOWS_MS[index] ?? HOUR_MS;
    if (window === undefined || window.claims === 0) return 0;
    const spanMs = Math.min(lengthMs, Math.max(SHORTEST_SPAN_MS, nowMs - window.firstAt));
    return (window.claims * HOUR_MS) / spanMs;
  });
  return Math.max(0, ...rates);
}

function freeOf(window: Claimed | undefined): Claimed | undefined {
  if (window?.freeFirstAt == null) return undefined;
  return { claims: window.freeClaims ?? 0, firstAt: window.freeFirstAt };
}

function lasting(count: number, rate: number): number | null {
  if (count === 0) return 0;
  return rate === 0 ? null : Math.round((count / rate) * HOUR_MS);
}
