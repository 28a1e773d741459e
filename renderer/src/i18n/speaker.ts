import type { FaultCode } from '#shared/domain/fault.ts';
import type { MessageArguments, MessageKey } from './dictionary.ts';
import { fill, fillWhole, type Values } from './fill.ts';
import { DICTIONARIES, FAULT_DICTIONARIES, type Language } from './language.ts';

export interface SpokenFault {
  readonly what: string;
  readonly todo: string;
  readonly more: string | null;
}

/** Says things in one language. */
export interface Speaker {
  readonly language: Language;
  t<K extends MessageKey>(key: K, ...values: MessageArguments<K>): string;
  /** The operator's words for a fault; `values` fill what they name. */
  fault(code: FaultCode, values?: Values): SpokenFault;
  number(value: number): string;
  /** `0` … `1` as a percentage with at most one decimal. */
  percent(value: number): string;
  /** Hours and minutes of the day. */
  timeOfDay(atMs: number): string;
  dateTime(atMs: number): string;
  list(items: readonly (string | number)[]): string;
}

export function createSpeaker(language: Language): Speaker {
  const dictionary = DICTIONARIES[language];
  const faults = FAULT_DICTIONARIES[language];
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
  const spell = (values: Values): Values =>
    Object.fromEntries(
      Object.entries(values).map(([k, v]) => [k, typeof v === 'number' ? number.format(v) : v]),
    );
  return {
    language,
    t: (key, ...[values]) => fill(dictionary[key], spell(values ?? {})),
    fault(code, values = {}) {
      const { what, todo, more } = faults[code];
      return {
        what: fill(what, values),
        todo: fill(todo, values),
        more: more === undefined ? null : fillWhole(more, values),
      };
    },
    number: (value) => number.format(value),
    percent: (value) => percent.format(value),
    timeOfDay: (atMs) => timeOfDay.format(atMs),
    dateTime: (atMs) => dateTime.format(atMs),
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
