import { InvalidArgumentError } from 'commander';

const FORM = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(Z|[+-]\d\d:\d\d)?)?$/;

/**
 * A moment for commander, as Unix milliseconds: `2026-11-21`, `2026-11-21T08:00`, `2026-11-21T08:00:00+08:00`; of this
 * computer's time zone unless it says another. A day alone is its begin, or the begin of the next one for `end`.
 */
export function pointInTime(edge: 'begin' | 'end'): (text: string) => number {
  return (text) => {
    const [, day, time, zone = ''] = FORM.exec(text) ?? [];
    const at = day === undefined ? Number.NaN : Date.parse(`${day}T${time ?? '00:00'}${zone}`);
    if (Number.isNaN(at)) throw new InvalidArgumentError(`${text} is not a time like 2026-11-21T08:00.`);
    if (time !== undefined || edge === 'begin') return at;
    const next = new Date(at);
    next.setDate(next.getDate() + 1);
    return next.getTime();
  };
}
