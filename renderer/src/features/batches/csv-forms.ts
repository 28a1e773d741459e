import type { CsvForm } from '#shared/contract/index.ts';

/** What the spreadsheets of a country open by a double click: where numbers have a comma, cells have a semicolon. */
export const CSV_FORMS = {
  comma: { delimiter: ',', decimal: '.' },
  semicolon: { delimiter: ';', decimal: ',' },
  tab: { delimiter: '\t', decimal: '.' },
} as const satisfies Record<string, CsvForm>;
export type CsvFormName = keyof typeof CSV_FORMS;
export const CSV_FORM_NAMES = ['comma', 'semicolon', 'tab'] as const satisfies readonly CsvFormName[];

/** That of the reader's country, as the browser knows it; the page's own language says nothing about it. */
export function formHere(locale: string | undefined = globalThis.navigator?.language): CsvFormName {
  const parts = new Intl.NumberFormat(locale).formatToParts(1.5);
  return parts.some(({ type, value }) => type === 'decimal' && value === ',') ? 'semicolon' : 'comma';
}
