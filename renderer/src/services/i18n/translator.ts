import { FAULT_CLASS, type FaultCode } from '#shared/domain/fault.ts';
import type { MessageArguments, MessageKey, Words } from './messages.ts';
import { fill, type Filling, fillWhole, type Values } from './fill.ts';
import { BASE_WORDS, FAULT_DICTIONARIES } from './dictionaries.ts';
import type { Language } from './language.ts';
import { answeredFault, answeredValues } from './answered-fault.ts';
import { failureDetails } from './failure-details.ts';
import { otherAnswer } from './other-answer.ts';
import { terminalFault } from './terminal-fault.ts';
import { registryRefusal } from './registry-refusal.ts';

export interface FaultWords {
  readonly message: string;
  readonly action: string;
  readonly more: string | null;
}

/** Text, numbers and times in one language. */
export interface Translator {
  readonly language: Language;
  t<K extends MessageKey>(key: K, ...values: MessageArguments<K>): string;
  /** The texts of a fault for the operator; `values` fill their placeholders. */
  fault(code: FaultCode, values?: Values): FaultWords;
  /** A short text for a fault, for tables; an unknown code is unchanged. `values`: those of the fault, where they are known. */
  faultName(code: string, values?: Values): string;
  /** The values of a fault in words, for records: command, answer, limits; `null` when it has none that have words. */
  failureDetails(code: FaultCode, values: Values): string | null;
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
  const faults = FAULT_DICTIONARIES[language];
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
  // Values of a fault are not formatted: codes, ports, measured values.
  const asItIs: Filling = { language, number: String };
  return {
    language,
    t: (key, ...[values]) => fill(dictionary[key] ?? key, values ?? {}, filling),
    fault(code, given = {}) {
      const answered = answeredFault(language, given);
      const values = inLanguage(answered === null ? given : answeredValues(language, given), language);
      const own =
        answered ??
        terminalFault(language, values) ??
        registryRefusal(language, code, values) ??
        otherAnswer(language, code, values);
      const { message, action, more } = own ?? faults[code];
      return {
        message: fill(message, values, asItIs),
        action: fill(action, values, asItIs),
        more: more === undefined ? null : fillWhole(more, values, asItIs),
      };
    },
    faultName(code, values = {}) {
      if (!isFaultCode(code)) return code;
      return (otherAnswer(language, code, values) ?? faults[code]).message.replace(/[.。]$/, '');
    },
    failureDetails(code, values) {
      const answered = answeredFault(language, values);
      if (answered?.more === undefined) return failureDetails(language, faults[code].more, values, asItIs);
      return fillWhole(answered.more, answeredValues(language, values), asItIs);
    },
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

/** Values in both languages, as `reason.en` and `reason.zh-CN`, by their names. */
function inLanguage(values: Values, language: Language): Values {
  const ending = `.${language}`;
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name.endsWith(ending) ? name.slice(0, -ending.length) : name,
      value,
    ]),
  );
}

function isFaultCode(code: string): code is FaultCode {
  return Object.hasOwn(FAULT_CLASS, code);
}

/** `0:07`, `12:40`, `1:02:09`: how long something has been going on. */
export function formatElapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}
