import { expect, it } from 'vitest';
import { openDevPages } from './support/dev-page.ts';
import { eventually, devPages } from './support/dev-pages.ts';

const tabs = devPages(openDevPages);

it('the page of a batch counts imported runs when it is asked to, and says so', async () => {
  const screen = await tabs().open({ role: 'engineer', route: 'batches/b-1', slots: 8, language: 'en' });
  const { page } = screen;
  await page.getByTestId('measured').waitFor();
  expect(await screen.calls('yield.batch')).toEqual([{ batchId: 'b-1', filter: {} }]);
  expect(await page.getByTestId('with-foreign').count()).toBe(0);
  await page.getByTestId('filter-foreign').check();
  await eventually(() => screen.text('with-foreign')).toContain('24 imported runs are counted');
  expect((await screen.calls('yield.batch')).at(-1)).toEqual({ batchId: 'b-1', filter: {}, foreign: true });
  expect(screen.complaints).toEqual([]);
});
