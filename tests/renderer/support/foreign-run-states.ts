import type { Page } from 'playwright-core';
import type { PageState } from './page-state.ts';

const engineer = { role: 'engineer' } as const;
const support = { role: 'support' } as const;

const openFirst = (page: Page): Promise<void> => page.getByTestId('foreign-f-1').click();
const chooseForeign = async (page: Page): Promise<void> => {
  await page
    .getByTestId('foreign-file')
    .setInputFiles({ name: 'runs.csv', mimeType: 'text/csv', buffer: Buffer.from('x') });
  await page.getByTestId('foreign-columns').waitFor();
};
/** The page of imported runs. */
export const foreignRuns: readonly PageState[] = [
  { ...engineer, name: 'list', route: 'runs/imported' },
  { ...support, name: 'none', route: 'runs/imported', variant: 'no-foreign-runs' },
  { ...engineer, name: 'one', route: 'runs/imported', act: openFirst, dialog: true },
  {
    ...engineer,
    name: 'file with errors',
    route: 'runs/imported',
    variant: 'foreign-file-with-errors',
    act: chooseForeign,
  },
  {
    ...engineer,
    name: 'file with unknown columns',
    route: 'runs/imported',
    variant: 'foreign-file-with-unknown-columns',
    act: chooseForeign,
  },
];
