import { expect, it } from 'vitest';
import { CSV_FORMS, formHere } from '../../renderer/src/features/runs/csv-forms.ts';

it.each([
  ['zh-CN', 'comma'],
  ['en-US', 'comma'],
  ['en-GB', 'comma'],
  ['de-DE', 'semicolon'],
  ['fr-FR', 'semicolon'],
  ['pt-BR', 'semicolon'],
  ['de-CH', 'comma'],
  ['ru', 'semicolon'],
] as const)('a reader of %s begins with the form of that country: %s', (locale, form) => {
  expect(formHere(locale)).toBe(form);
  const decimal = new Intl.NumberFormat(locale).format(1.5).includes(',') ? ',' : '.';
  expect(CSV_FORMS[formHere(locale)].decimal).toBe(decimal);
});
