import { Fault } from '#shared/domain/fault.ts';

/** How times are written in a file. */
export interface TimeForm {
  /** `iso`, `unix` (seconds), `unix-ms`, or a pattern as `dd.MM.yyyy HH:mm:ss`. */
  readonly format: string;
  /** For times that name no offset: `UTC`, `+08:00`, or a zone as `Asia/Shanghai`. */
  readonly zone: string;
}

/** Parses a text; null for one that is no such time. */
export type TimeParser = (text: string) => number | null;

const TOKEN = /yyyy|yy|MM|dd|HH|mm|ss|SSS|M|d|H|h|a/g;
const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d\d:?\d\d)?$/i;

/** Faults: `bad-input` for a pattern or a zone that is none. */
export function timeParser({ format, zone }: TimeForm): TimeParser {
  const toMs = zoned(zone);
  switch (format) {
    case 'iso':
      return (text) => parseIso(text.trim(), toMs);
    case 'unix':
      return (text) => scaled(text, 1000);
    case 'unix-ms':
      return (text) => scaled(text, 1);
    default:
      return patternParser(format, toMs);
  }
}

interface Parts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly ms: number;
}

function scaled(text: string, factor: number): number | null {
  return /^\d{1,15}(?:\.\d+)?$/.test(text.trim()) ? Math.round(Number(text) * factor) : null;
}

function parseIso(text: string, toMs: (parts: Parts) => number | null): number | null {
  const found = ISO.exec(text);
  if (found === null) return null;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', offset] = found;
  const parts: Parts = {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    ms: fraction === '' ? 0 : Math.floor(Number(`0.${fraction}`) * 1000),
  };
  if (offset === undefined) return toMs(parts);
  const utc = utcOf(parts);
  const minutes = offsetOf(offset);
  return utc === null || minutes === null ? null : utc - minutes * 60_000;
}

function patternParser(pattern: string, toMs: (parts: Parts) => number | null): TimeParser {
  const tokens = pattern.match(TOKEN) ?? [];
  const wanted = new Set(tokens.map((token) => token[0]));
  if (!wanted.has('y') || !wanted.has('M') || !wanted.has('d')) {
    throw new Fault('bad-input', `"${pattern}" is no pattern of a time`, {
      hint: 'Write iso, unix, unix-ms, or a pattern of yyyy MM dd HH mm ss SSS, as dd.MM.yyyy HH:mm:ss.',
    });
  }
  return (text) => {
    const values = readPattern(pattern, text.trim());
    if (values === null) return null;
    const number = (...names: readonly string[]): number =>
      Number(names.map((name) => values.get(name)).find((value) => value !== undefined) ?? 0);
    const short = values.get('yy');
    const half = (values.get('a') ?? '').toLowerCase();
    const hour12 = number('h') % 12;
    return toMs({
      year: short === undefined ? number('yyyy') : 2000 + Number(short),
      month: number('MM', 'M'),
      day: number('dd', 'd'),
      hour: values.has('h') ? hour12 + (half === 'pm' || half === '下午' ? 12 : 0) : number('HH', 'H'),
      minute: number('mm'),
      second: number('ss'),
      ms: number('SSS'),
    });
  };
}

/** The text of each token; null when the text does not fit. */
function readPattern(pattern: string, text: string): Map<string, string> | null {
  const values = new Map<string, string>();
  let [at, last] = [0, 0];
  for (const found of pattern.matchAll(TOKEN)) {
    const literal = pattern.slice(last, found.index);
    if (!text.startsWith(literal, at)) return null;
    at += literal.length;
    last = found.index + found[0].length;
    const rest = text.slice(at);
    const read = found[0] === 'a' ? /^(?:[ap]\.?m\.?|上午|下午)/i.exec(rest) : digitsOf(found[0], rest);
    if (read === null) return null;
    values.set(found[0], read[0].replaceAll('.', ''));
    at += read[0].length;
  }
  return text.slice(at) === pattern.slice(last) ? values : null;
}

function digitsOf(token: string, text: string): RegExpExecArray | null {
  if (token.length === 1) return /^\d{1,2}/.exec(text);
  if (token === 'yyyy') return /^\d{4}/.exec(text);
  return token === 'SSS' ? /^\d{3}/.exec(text) : /^\d\d/.exec(text);
}

/** Null for a day or hour that does not exist. */
function utcOf({ year, month, day, hour, minute, second, ms }: Parts): number | null {
  const time = Date.UTC(year, month - 1, day, hour, minute, second, ms);
  const back = new Date(time);
  const isSame =
    back.getUTCMonth() === month - 1 && back.getUTCDate() === day && back.getUTCHours() === hour &&
    back.getUTCMinutes() === minute && second < 60; // prettier-ignore
  return isSame && time >= 0 ? time : null;
}

/** Minutes; null for a text that is no offset. */
function offsetOf(text: string): number | null {
  if (/^(?:z|utc)$/i.test(text)) return 0;
  const found = /^([+-])(\d\d):?(\d\d)$/.exec(text);
  if (found === null) return null;
  const minutes = Number(found[2]) * 60 + Number(found[3]);
  return found[1] === '-' ? -minutes : minutes;
}

/** Faults: `bad-input` for a zone that the computer does not know. */
function zoned(zone: string): (parts: Parts) => number | null {
  const fixed = offsetOf(zone);
  if (fixed !== null) {
    return (parts) => {
      const utc = utcOf(parts);
      return utc === null ? null : utc - fixed * 60_000;
    };
  }
  const format = zoneFormat(zone);
  /** What the clocks of the zone show, as if it were UTC. */
  const shownAt = (ms: number): number => {
    const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
    const of = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  };
  return (parts) => {
    const wanted = utcOf(parts);
    if (wanted === null) return null;
    const whole = wanted - parts.ms;
    const first = whole - (shownAt(whole) - whole);
    const second = whole - (shownAt(first) - first);
    // An hour that occurs twice is the first one; an hour that is left out in spring does not exist.
    const fits = [Math.min(first, second), Math.max(first, second)].find((ms) => shownAt(ms) === whole);
    return fits === undefined ? null : fits + parts.ms;
  };
}

function zoneFormat(zone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    throw new Fault('bad-input', `${zone} is no time zone`, {
      hint: 'Write UTC, an offset as +08:00, or a zone as Asia/Shanghai.',
    });
  }
}
