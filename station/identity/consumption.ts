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
}

export interface Consumption {
  readonly perHour: number;
  /** How long the pool lasts at that rate; null when nothing is consumed and something is left. */
  readonly emptyInMs: number | null;
  readonly emptySoon: boolean;
}

/** How fast triples go and when the pool is empty, by the fastest of the windows: better warned early than late. */
export function consumptionOf(
  windows: readonly (Claimed | undefined)[],
  available: number,
  nowMs: number,
): Consumption {
  const rates = windows.map((window, index) => {
    const lengthMs = CONSUMPTION_WINDOWS_MS[index] ?? HOUR_MS;
    if (window === undefined || window.claims === 0) return 0;
    const spanMs = Math.min(lengthMs, Math.max(SHORTEST_SPAN_MS, nowMs - window.firstAt));
    return (window.claims * HOUR_MS) / spanMs;
  });
  const rate = Math.max(0, ...rates);
  const lastsMs = rate === 0 ? null : Math.round((available / rate) * HOUR_MS);
  const emptyInMs = available === 0 ? 0 : lastsMs;
  return {
    perHour: Math.round(rate * 10) / 10,
    emptyInMs,
    emptySoon: emptyInMs !== null && emptyInMs < WARNING_MS,
  };
}
