import type { Language } from '#shared/words/index.ts';

/** Numbers and times as a report prints them. */
export interface ReportFormats {
  count(value: number): string;
  /** A measured value to five digits; ten thousand and more to one decimal. */
  value(value: number): string;
  /** A standard deviation to four digits. */
  spread(value: number): string;
  /** A limit with all of its digits. */
  exact(value: number): string;
  /** `—` for `null`. */
  figure(value: number | null): string;
  /** 0 … 1 as a percentage with at most two decimals; only 1 is 100 %, only 0 is 0 %. */
  percent(share: number | null): string;
  /** `2026-11-28 14:03:22` of an instant in ms since 1970. */
  time(atMs: number): string;
  /** Without seconds. */
  minute(atMs: number): string;
  /** `12.3 s` of a duration in ms. */
  duration(ms: number): string;
  /** The time zone with its difference to UTC at an instant: `Asia/Shanghai (UTC+08:00)`. */
  zone(atMs: number): string;
}

const NOTHING = '—';

/** @param timeZone default: that of this computer */
export function reportFormats(language: Language, timeZone?: string): ReportFormats {
  const number = (options: Intl.NumberFormatOptions): Intl.NumberFormat =>
    new Intl.NumberFormat(language, options);
  const whole = number({ maximumFractionDigits: 0 });
  const measured = number({ maximumSignificantDigits: 5, useGrouping: false });
  const large = number({ maximumFractionDigits: 1, useGrouping: false });
  const rough = number({ maximumSignificantDigits: 4, useGrouping: false });
  const exact = number({ maximumSignificantDigits: 15, useGrouping: false });
  const two = number({ maximumFractionDigits: 2, useGrouping: false });
  const parts = new Intl.DateTimeFormat('en', {
    year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
    hourCycle: 'h23', timeZoneName: 'longOffset', timeZone,
  }); // prettier-ignore
  const at = (ms: number): Readonly<Record<string, string>> =>
    Object.fromEntries(parts.formatToParts(ms).map(({ type, value }) => [type, value]));
  /** Very large and very small numbers have a power of ten. */
  const plain = (value: number, format: Intl.NumberFormat, digits?: number): string =>
    value !== 0 && (Math.abs(value) >= 1e9 || Math.abs(value) < 1e-4)
      ? value.toExponential(digits)
      : format.format(value);
  const minute = (ms: number): string => {
    const { year, month, day, hour, minute: minutes } = at(ms);
    return `${year}-${month}-${day} ${hour}:${minutes}`;
  };
  return {
    count: (value) => whole.format(value),
    value: (value) => plain(value, Math.abs(value) >= 10_000 ? large : measured, 4),
    spread: (value) => plain(value, Math.abs(value) >= 1000 ? large : rough, 3),
    exact: (value) => plain(value, exact),
    figure: (value) => (value === null ? NOTHING : two.format(value)),
    percent(share) {
      if (share === null) return NOTHING;
      const hundredths = Math.round(share * 10_000);
      const bounded = share > 0 && share < 1 ? Math.min(9999, Math.max(1, hundredths)) : hundredths;
      return `${two.format(bounded / 100)}%`;
    },
    time: (ms) => `${minute(ms)}:${at(ms)['second']}`,
    minute,
    duration: (ms) => (ms < 1000 ? `${Math.round(ms)} ms` : `${two.format(Math.round(ms / 10) / 100)} s`),
    zone(ms) {
      const offset = (at(ms)['timeZoneName'] ?? '').replace('GMT', 'UTC');
      const name = parts.resolvedOptions().timeZone;
      return offset === name ? name : `${name} (${offset})`;
    },
  };
}
