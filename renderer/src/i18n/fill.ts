export type Values = Readonly<Record<string, string | number | boolean | null>>;

const OPTIONAL = /\[([^[\]]*)\]/g;
const PLACEHOLDER = /\{(\w+)\}/g;

/** Puts values in the place of `{name}`; a name without a value stays as it is, so that the mistake is seen. */
export function fill(template: string, values: Values): string {
  return template.replace(PLACEHOLDER, (whole, name: string) => String(values[name] ?? whole));
}

/**
 * Like `fill`, but `null` unless every name has a value. A part in brackets (`Port {port}[: {holder}]`) is left out when
 * one of its own names has none.
 */
export function fillWhole(template: string, values: Values): string | null {
  const isThere = (part: string): boolean =>
    placeholders(part).every((name) => (values[name] ?? null) !== null);
  const whole = template.replace(OPTIONAL, (_, part: string) => (isThere(part) ? part : ''));
  return isThere(whole) ? fill(whole, values) : null;
}

/** The names in a template, each once, sorted. */
export function placeholders(template: string): string[] {
  return [...new Set([...template.matchAll(PLACEHOLDER)].map(([, name]) => name ?? ''))].sort();
}
