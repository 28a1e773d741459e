import { InvalidArgumentError } from 'commander';

const FORM =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?(?:(Z)|([+-])(\d\d):(\d\d))?)?$/;
const MINUTE_MS = 60_000;

/**
 * A moment for commander, as Unix milliseconds: `2026-11-21`, `2026-11-21T08:00`, `2026-11-21T08:00:00+08:00`; of this
 * computer's time zone unless it says another. A day alone is its begin, or the begin of the next one for `end`. A day
 * that no calendar has (30 February) and a time that this zone leaves out when its clocks go forward are refused.
 */
export function pointInTime(edge: 'begin' | 'end'): (text: string) => number {
  return (text) => {
    const parts = FORM.exec(text);
    if (parts === null) throw refused(text, 'is not a time like 2026-11-21 or 2026-11-21T08:00');
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map(numberOf);
    const millisecond = Number((parts[7] ?? '').padEnd(3, '0'));
    // In UTC no day is moved and no hour is left out: what changes here is in no calendar.
    const inUtc = new Date(0);
    inUtc.setUTCFullYear(year, month - 1, day);
    inUtc.setUTCHours(hour, minute, second, millisecond);
    const written = [year, month, day, hour, minute, second];
    const asUtc = [inUtc.getUTCFullYear(), inUtc.getUTCMonth() + 1, inUtc.getUTCDate()];
    const timeUtc = [inUtc.getUTCHours(), inUtc.getUTCMinutes(), inUtc.getUTCSeconds()];
    if (!same(written, [...asUtc, ...timeUtc]))
      throw refused(text, 'is in no calendar: there is no such day or time');
    const offsetMs = zoneOffsetMs(parts);
    if (offsetMs !== null) return inUtc.getTime() - offsetMs;

    const here = new Date(0);
    here.setFullYear(year, month - 1, day);
    here.setHours(hour, minute, second, millisecond);
    if (parts[4] === undefined) {
      if (edge === 'end') here.setDate(here.getDate() + 1);
      return here.getTime();
    }
    const clock = [here.getHours(), here.getMinutes(), here.getSeconds()];
    if (!same([hour, minute, second], clock))
      throw refused(text, "does not exist in this computer's time zone");
    return here.getTime();
  };
}

/** `null` when the text names no zone. */
function zoneOffsetMs(parts: RegExpExecArray): number | null {
  if (parts[8] === 'Z') return 0;
  if (parts[9] === undefined) return null;
  const [hours, minutes] = [numberOf(parts[10]), numberOf(parts[11])];
  if (hours > 14 || minutes > 59) throw refused(parts[0], 'names no time zone');
  return (parts[9] === '-' ? -1 : 1) * (hours * 60 + minutes) * MINUTE_MS;
}

function numberOf(text: string | undefined): number {
  return Number(text ?? 0);
}

function same(a: readonly number[], b: readonly number[]): boolean {
  return a.every((value, index) => value === b[index]);
}

function refused(text: string, reason: string): InvalidArgumentError {
  return new InvalidArgumentError(`${text} ${reason}.`);
}
