const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** The last hour gives the present rate; the last four hours bridge a break. */
export const CONSUMPTION_WINDOWS_MS = [HOUR_MS, 4 * HOUR_MS] as const;
/** The first units of a shift come in a burst, and a rate over less time would be too high. */
const SHORTEST_SPAN_MS = 10 * MINUTE_MS;
/** How long before the pool is empty the station warns. */
const WARNING_MS = HOUR_MS;

/** Claims of one product in one window that ends now. */
export interface WindowClaims {
  readonly claims: number;
  /** Instant of the first. */
  readonly firstAtMs: number;
  /** Of those, claims of unreserved triples, and the instant of the first. */
  readonly freeClaims?: number;
  readonly freeFirstAtMs?: number | null;
}

export interface Consumption {
  readonly perHour: number;
  /** `all`: `emptyInMs` counts all available triples; `free`: only those that are reserved for no unit. */
  readonly emptyOf: 'all' | 'free';
  /** How long the triples last at that rate; null when some are left and none is consumed. */
  readonly emptyInMs: number | null;
  readonly emptySoon: boolean;
}

/**
 * The rate of consumption, and when the pool is empty. The window with the highest rate counts, so that the warning comes
 * early. Reserved triples are no stock for other units: while unreserved ones are consumed, only those count.
 *
 * @param bound available triples that are reserved for one unit each
 */
export function consumptionOf(
  windows: readonly (WindowClaims | undefined)[],
  available: number,
  nowMs: number,
  bound = 0,
): Consumption {
  const rate = rateOf(windows, nowMs);
  const freeRate = bound === 0 ? 0 : rateOf(windows.map(freeOf), nowMs);
  const emptyInMs =
    freeRate === 0 ? timeUntilEmpty(available, rate) : timeUntilEmpty(available - bound, freeRate);
  return {
    perHour: Math.round(rate * 10) / 10,
    emptyOf: freeRate === 0 ? 'all' : 'free',
    emptyInMs,
    emptySoon: emptyInMs !== null && emptyInMs < WARNING_MS,
  };
}

function rateOf(windows: readonly (WindowClaims | undefined)[], nowMs: number): number {
  const rates = windows.map((window, index) => {
    const lengthMs = CONSUMPTION_WINDOWS_MS[index] ?? HOUR_MS;
    if (window === undefined || window.claims === 0) return 0;
    const spanMs = Math.min(lengthMs, Math.max(SHORTEST_SPAN_MS, nowMs - window.firstAtMs));
    return (window.claims * HOUR_MS) / spanMs;
  });
  return Math.max(0, ...rates);
}

function freeOf(window: WindowClaims | undefined): WindowClaims | undefined {
  if (window?.freeFirstAtMs == null) return undefined;
  return { claims: window.freeClaims ?? 0, firstAtMs: window.freeFirstAtMs };
}

function timeUntilEmpty(count: number, rate: number): number | null {
  if (count === 0) return 0;
  return rate === 0 ? null : Math.round((count / rate) * HOUR_MS);
}
