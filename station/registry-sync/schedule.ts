/** Pauses after failures in a row: 15 s, 30 s, 5 min, 15 min, then hourly. */
const PAUSES_MS = [15_000, 30_000, 300_000, 900_000, 3_600_000] as const;
/** Each pause is stretched by up to this share, so that stations do not all come back in one moment. */
const JITTER = 0.2;

/** How long to wait after so many failures in a row. `chance` is a number from 0 to 1. */
export function pauseMs(failures: number, chance: number): number {
  const pause = PAUSES_MS[Math.min(Math.max(failures, 1), PAUSES_MS.length) - 1] ?? PAUSES_MS[0];
  return Math.round(pause * (1 + JITTER * chance));
}
