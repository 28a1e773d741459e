/** The time between two ends of shifts, Unix milliseconds; `fromMs` is in it, `toMs` is not. */
export interface Shift {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * The shifts that ended after `afterMs` and not after `nowMs`, oldest first. A day has 23 to 25 hours where clocks are changed; a
 * time that such a day leaves out is the one to which the clock was set forward.
 *
 * @param times ends of shifts, `HH:MM` by the clock of this computer
 */
export function shiftsThatEnded(times: readonly string[], afterMs: number, nowMs: number): Shift[] {
  const sorted = [...new Set(times)].sort();
  const ends: number[] = [];
  // From the day before, whose last end is the beginning of the first shift.
  const day = new Date(afterMs);
  day.setHours(0, 0, 0, 0);
  day.setDate(day.getDate() - 2);
  for (; day.getTime() <= nowMs; day.setDate(day.getDate() + 1)) {
    for (const time of sorted) {
      const [hours, minutes] = time.split(':').map(Number) as [number, number];
      const atMs = new Date(day.getFullYear(), day.getMonth(), day.getDate(), hours, minutes).getTime();
      if (atMs <= nowMs && atMs > (ends.at(-1) ?? -Infinity)) ends.push(atMs);
    }
  }
  return ends.flatMap((toMs, index) => {
    const fromMs = ends[index - 1];
    return fromMs === undefined || toMs <= afterMs ? [] : [{ fromMs, toMs }];
  });
}
