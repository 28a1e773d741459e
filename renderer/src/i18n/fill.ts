export type Values = Readonly<Record<string, string | number | boolean | null>>;

const PLACEHOLDER = /\{(\w+)\}/g;

/** Puts values in the place of `{name}`; a name without a value stays as it is, so that the mistake is seen. */
export function fill(template: string, values: Values): string {
  return template.replace(PLACEHOLDER, (whole, name: string) => String(values[name] ?? whole));
}

/** Like `fill`, but `null` unless every name has a value. */
export function fillWhole(template: string, values: Values): string | null {
  return placeholders(template).every((name) => (values[name] ?? null) !== null)
    ? fill(template, values)
    : null;
}

/** The names in a template, each once, sorted. */
export function placeholders(template: string): string[] {
  return [...new Set([...template.matchAll(PLACEHOLDER)].map(([, name]) => name ?? ''))].sort();
}
