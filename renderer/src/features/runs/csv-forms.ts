import type { CsvForm } from '#shared/contract/index.ts';

/**
 * The CSV form that the spreadsheets of a country open with a double click: with a decimal comma, cells are separated
 * by a semicolon.
 */
export const CSV_FORMS = {
  comma: { delimiter: ',', decimal: '.' },
  semicolon: { delimiter: ';', decimal: ',' },
  tab: { delimiter: '\t', decimal: '.' },
} as const satisfies Record<string, CsvForm>;
export type CsvFormName = keyof typeof CSV_FORMS;
export const CSV_FORM_NAMES = ['comma', 'semicolon', 'tab'] as const satisfies readonly CsvFormName[];

/** The form of the country of the browser; the language of the page does not determine it. */
export function formHere(locale: string | undefined = globalThis.navigator?.language): CsvFormName {
  const parts = new Intl.NumberFormat(locale).formatToParts(1.5);
  return parts.some(({ type, value }) => type === 'decimal' && value === ',') ? 'semicolon' : 'comma';
}
