import type { CodedText } from '../words/index.ts';
import { nearest } from '../recipe/check/nearest.ts';
import { labelText as say } from './texts.ts';

/**
 * Placeholders of labels. Those of the unit mean what they mean in recipes (`shared/recipe/unit-text.ts`). `{deviceCode}` is
 * the text of docs/qr.md, `{chipId}` an identifier that is no MAC.
 */
export const LABEL_WORDS = [
  'mac',
  'macHex',
  'macTail',
  'chipId',
  'serialNumber',
  'productId',
  'deviceName',
  'deviceCode',
  'batch',
  'recipe.name',
  'recipe.version',
  'recipe.title',
  'recipe.title.zh',
  'station',
  'operator',
  'copy',
] as const;
export type LabelWord = (typeof LABEL_WORDS)[number];

/** Placeholders with an argument, and how each is written. */
const ARGUMENT_FORMS = {
  measurement: 'measurement:NAME',
  date: 'date:YYYY-MM-DD',
  counter: 'counter:NAME,5',
} as const;
type ArgumentWord = keyof typeof ARGUMENT_FORMS;

/** Other names of the same, as engineers write them. */
const SECRET = /^(?:device|product)?\.?(?:secret|psk|password|token|key|pin)$|secret|psk/i;

const BRACED = /(\$?)\{([A-Za-z][A-Za-z0-9.]*)(?::([^{}]*))?\}/g;
const DATE_PARTS = /YYYY|YY|MM|DDD|DD|WW|HH|mm|ss/g;
const COUNTER = /^([a-z0-9][a-z0-9.-]{0,47})(?:,([1-9]|1[0-2]))?$/;

/** A local time, in the zone of the station. */
export interface LocalTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** What is known of a run for its label. */
export interface LabelValues {
  /** `null` when the unit has none. */
  readonly words: Readonly<Record<LabelWord, string | null>>;
  /** Values as people read them, by the names of the measurements. */
  readonly measurements: Readonly<Record<string, string>>;
  readonly time: LocalTime;
  /** The numbers that this run got, by the names of the counters. */
  readonly counters: Readonly<Record<string, number>>;
}

/** A text between placeholders, or a placeholder. */
type Part =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'word'; readonly word: LabelWord }
  | { readonly kind: ArgumentWord; readonly argument: string };

/** The parts of a text. Braces around anything else than a name are text, so that JSON may stand in a code. */
function* partsOf(text: string): Iterable<Part> {
  let at = 0;
  for (const match of text.matchAll(BRACED)) {
    const [whole, , word = '', argument] = match;
    if (match.index > at) yield { kind: 'literal', text: text.slice(at, match.index) };
    at = match.index + whole.length;
    const known = LABEL_WORDS.find((one) => one === word);
    if (known !== undefined) yield { kind: 'word', word: known };
    else if (isArgumentWord(word)) yield { kind: word, argument: argument ?? '' };
    else yield { kind: 'literal', text: whole };
  }
  if (at < text.length) yield { kind: 'literal', text: text.slice(at) };
}

function isArgumentWord(word: string): word is ArgumentWord {
  return word in ARGUMENT_FORMS;
}

/** Mistakes in the placeholders of a text. */
export function* placeholderMistakes(text: string): Iterable<CodedText> {
  for (const [, dollar, word = '', argument] of text.matchAll(BRACED)) {
    if (dollar === '$') yield say('label-variable', word);
    else if (LABEL_WORDS.some((one) => one === word)) {
      if (argument !== undefined) yield say('label-argument', word, word);
    } else if (isArgumentWord(word)) {
      if (!isArgument(word, argument ?? '')) yield say('label-argument', word, ARGUMENT_FORMS[word]);
    } else if (SECRET.test(word)) yield say('label-secret', word);
    else {
      const near = nearest(word, [...LABEL_WORDS, ...Object.keys(ARGUMENT_FORMS)]);
      const form = near !== null && isArgumentWord(near) ? ARGUMENT_FORMS[near] : near;
      yield say('label-placeholder', word, form === null ? '' : say('label-did-you-mean', form));
    }
  }
}

function isArgument(word: ArgumentWord, argument: string): boolean {
  switch (word) {
    case 'measurement':
      return argument.trim() !== '';
    case 'date':
      return argument.match(DATE_PARTS) !== null;
    case 'counter':
      return COUNTER.test(argument);
  }
}

/** Names of the counters in a text. */
export function countersIn(text: string): string[] {
  return [...partsOf(text)].flatMap((part) =>
    part.kind === 'counter' ? [COUNTER.exec(part.argument)?.[1] ?? ''].filter(Boolean) : [],
  );
}

/** Names of the measurements in a text. */
export function measurementsIn(text: string): string[] {
  return [...partsOf(text)].flatMap((part) => (part.kind === 'measurement' ? [part.argument.trim()] : []));
}

export interface FilledText {
  readonly text: string;
  /** True: it has placeholders, and none has a value. */
  readonly isEmpty: boolean;
  /** Values that the run must have and does not. */
  readonly missing: readonly CodedText[];
}

/** Fills in a text. A filled-in value is never filled in again. */
export function fillLabelText(text: string, values: LabelValues): FilledText {
  const missing: CodedText[] = [];
  let filled = '';
  let placeholders = 0;
  let withValue = 0;
  for (const part of partsOf(text)) {
    if (part.kind === 'literal') {
      filled += part.text;
      continue;
    }
    placeholders += 1;
    const value = valueOf(part, values, missing);
    if (value !== '') withValue += 1;
    filled += value;
  }
  return { text: filled, isEmpty: placeholders > 0 && withValue === 0, missing };
}

function valueOf(
  part: Exclude<Part, { kind: 'literal' }>,
  values: LabelValues,
  missing: CodedText[],
): string {
  switch (part.kind) {
    case 'word':
      return values.words[part.word] ?? '';
    case 'measurement': {
      const name = part.argument.trim();
      const value = Object.hasOwn(values.measurements, name) ? values.measurements[name] : undefined;
      if (value === undefined) missing.push(say('label-no-measurement', name));
      return value ?? '';
    }
    case 'date':
      return formatDate(part.argument, values.time);
    case 'counter': {
      const [, name = '', digits = '1'] = COUNTER.exec(part.argument) ?? [];
      const number = Object.hasOwn(values.counters, name) ? values.counters[name] : undefined;
      if (number === undefined) missing.push(say('label-no-number', name));
      return number === undefined ? '' : String(number).padStart(Number(digits), '0');
    }
  }
}

/** `YYYY` year, `MM` month, `DD` day, `DDD` day of the year, `WW` week of ISO 8601, `HH` hour, `mm` minute, `ss` second. */
export function formatDate(form: string, time: LocalTime): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return form.replaceAll(DATE_PARTS, (part) => {
    switch (part) {
      case 'YYYY':
        return String(time.year).padStart(4, '0');
      case 'YY':
        return two(time.year % 100);
      case 'MM':
        return two(time.month);
      case 'DDD':
        return String(dayOfYear(time)).padStart(3, '0');
      case 'DD':
        return two(time.day);
      case 'WW':
        return two(weekOf(time));
      case 'HH':
        return two(time.hour);
      case 'mm':
        return two(time.minute);
      default:
        return two(time.second);
    }
  });
}

const DAY_MS = 86_400_000;

function dayOfYear({ year, month, day }: LocalTime): number {
  return Math.round((Date.UTC(year, month - 1, day) - Date.UTC(year, 0, 0)) / DAY_MS);
}

/** ISO 8601: week 1 has the first Thursday of the year. */
function weekOf({ year, month, day }: LocalTime): number {
  const date = new Date(Date.UTC(year, month - 1, day));
  const thursday = date.getTime() + (4 - (date.getUTCDay() || 7)) * DAY_MS;
  const newYear = Date.UTC(new Date(thursday).getUTCFullYear(), 0, 1);
  return Math.floor((thursday - newYear) / DAY_MS / 7) + 1;
}
