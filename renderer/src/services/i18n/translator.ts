import { createFaultWording, type FaultWording } from '#shared/words/faults/index.ts';
import { fill, type Filling, type Language } from '#shared/words/index.ts';
import type { MessageArguments, MessageKey, Words } from './messages.ts';
import { BASE_WORDS } from './dictionaries.ts';

/** Text, numbers and times in one language. */
export interface Translator extends FaultWording {
  readonly language: Language;
  t<K extends MessageKey>(key: K, ...values: MessageArguments<K>): string;
  number(value: number): string;
  /** A measured value, to four digits. */
  value(value: number): string;
  /** `0` … `1` as a percentage with at most one decimal. */
  percent(value: number): string;
  /** Hours and minutes of the day. */
  timeOfDay(atMs: number): string;
  dateTime(atMs: number): string;
  /** To the second, with the year. */
  timestamp(atMs: number): string;
  /** `340 ms`, `12.3 s`, `4:05`, `3 d`: how long something took. */
  duration(ms: number): string;
  /** About how long something lasts: `50 min`, `3 hr`, `2 days`. */
  period(ms: number): string;
  /** How long ago something was: `now`, `5 min. ago`, `yesterday`, `3 days ago`. */
  ago(ms: number): string;
  bytes(count: number): string;
  list(items: readonly (string | number)[]): string;
}

/**
 * @param words those of the features that are loaded; the base words are always there. A message whose words are not
 * loaded is shown as its key.
 */
export function createTranslator(language: Language, words: readonly Words[] = []): Translator {
  const dictionary: Readonly<Partial<Record<MessageKey, string>>> = Object.assign(
    {},
    BASE_WORDS[language],
    ...words.map((some) => some[language]),
  );
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' });
  const number = new Intl.NumberFormat(language);
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  const timeOfDay = new Intl.DateTimeFormat(language, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const dateTime = new Intl.DateTimeFormat(language, {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const timestamp = new Intl.DateTimeFormat(language, {
    dateStyle: 'medium',
    timeStyle: 'medium',
    hourCycle: 'h23',
  });
  const short = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const measured = new Intl.NumberFormat(language, { maximumSignificantDigits: 4 });
  const periodOf = (unit: 'minute' | 'hour' | 'day'): Intl.NumberFormat =>
    new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' });
  /** A number stands apart from the word after it, as in the texts of the pages; Intl writes `12小时`. */
  const spaced = (text: string): string => text.replace(/(\d)(?=\p{Script=Han})/u, '$1 ');
  const periods = { minute: periodOf('minute'), hour: periodOf('hour'), day: periodOf('day') };
  const filling: Filling = { language, number: (value) => number.format(value) };
  return {
    language,
    t: (key, ...[values]) => fill(dictionary[key] ?? key, values ?? {}, filling),
    ...createFaultWording(language),
    number: (value) => number.format(value),
    value: (value) => measured.format(value),
    percent: (value) => percent.format(value),
    timeOfDay: (atMs) => timeOfDay.format(atMs),
    dateTime: (atMs) => dateTime.format(atMs),
    timestamp: (atMs) => timestamp.format(atMs),
    duration(ms) {
      if (ms < 1000) return `${Math.round(ms)} ms`;
      if (ms < 60_000) return `${short.format(ms / 1000)} s`;
      return ms < 172_800_000 ? formatElapsed(ms) : `${Math.round(ms / 86_400_000)} d`;
    },
    period(ms) {
      const minutes = Math.max(1, Math.round(ms / 60_000));
      if (minutes < 90) return spaced(periods.minute.format(minutes));
      const hours = Math.round(minutes / 60);
      return spaced(hours < 48 ? periods.hour.format(hours) : periods.day.format(Math.round(hours / 24)));
    },
    ago(ms) {
      const minutes = Math.floor(Math.max(0, ms) / 60_000);
      if (minutes === 0) return relative.format(0, 'second');
      if (minutes < 60) return relative.format(-minutes, 'minute');
      const hours = Math.floor(minutes / 60);
      return hours < 24 ? relative.format(-hours, 'hour') : relative.format(-Math.floor(hours / 24), 'day');
    },
    bytes(count) {
      const steps = ['B', 'kB', 'MB', 'GB'] as const;
      const step = Math.min(steps.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, count)) / 3)));
      return `${short.format(count / 1000 ** step)} ${steps[step] ?? 'B'}`;
    },
    list: (items) => items.join(dictionary['list.separator']),
  };
}

/** `0:07`, `12:40`, `1:02:09`: how long something has been going on. */
export function formatElapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}
