import { pluralForm, type PluralLanguage } from './plural.ts';

export type Values = Readonly<Record<string, string | number | boolean | null>>;

const OPTIONAL = /\[([^[\]]*)\]/g;
/** `{name}`, or `{name|one|other}` for the form that agrees with the number of that name. */
const PLACEHOLDER = /\{(\w+)((?:\|[^|{}]*)*)\}/g;

export interface Filling {
  readonly language: PluralLanguage;
  /** Formats a number. */
  readonly number: (value: number) => string;
}

const PLAIN: Filling = { language: 'en', number: String };

/** Replaces each `{name}` by its value; a name without a value is unchanged, so that the mistake is visible. */
export function fill(template: string, values: Values, { language, number }: Filling = PLAIN): string {
  return template.replace(PLACEHOLDER, (whole, name: string, forms: string) => {
    const value = values[name] ?? null;
    if (value === null) return whole;
    if (forms === '') return typeof value === 'number' ? number(value) : String(value);
    return pluralForm(language, Number(value), forms.slice(1).split('|'));
  });
}

/**
 * Like `fill`, but `null` unless every name has a value. A part in brackets (`Port {port}[: {holder}]`) is left out when
 * one of its own names has none.
 */
export function fillWhole(template: string, values: Values, filling: Filling = PLAIN): string | null {
  const isThere = (part: string): boolean =>
    placeholders(part).every((name) => (values[name] ?? null) !== null);
  const whole = template.replace(OPTIONAL, (_, part: string) => (isThere(part) ? part : ''));
  return isThere(whole) ? fill(whole, values, filling) : null;
}

/** The names in a template, each once, sorted. */
export function placeholders(template: string): string[] {
  return [...new Set([...template.matchAll(PLACEHOLDER)].map(([, name]) => name ?? ''))].sort();
}
