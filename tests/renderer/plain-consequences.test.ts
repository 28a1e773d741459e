import { expect, it } from 'vitest';
import { openDevPages } from './support/dev-page.ts';
import { devPages, eventually } from './support/dev-pages.ts';
import { LONG } from '../support/depth.ts';

const tabs = devPages(openDevPages);

it.runIf(LONG)('removes a file of a draft only after it was said what is lost', async () => {
  const screen = await tabs().open({ route: 'recipes/drafts/d-1', role: 'engineer', language: 'en' });
  const { page } = screen;
  await screen.click('file-remove-pwm.ts');
  await page.getByText('it can be brought back with Undo.').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await screen.calls('recipes.removeFile')).toEqual([]);

  await screen.click('file-remove-pwm.ts');
  await screen.click('file-remove-go');
  await page.getByTestId('file-remove-pwm.ts').waitFor({ state: 'detached' });
  expect(await screen.calls('recipes.removeFile')).toEqual([{ draftId: 'd-1', name: 'pwm.ts' }]);
  expect(screen.complaints).toEqual([]);
});

it.runIf(LONG)(
  'takes a reason of two characters for withdrawing a version, and says what is missing before',
  async () => {
    const screen = await tabs().open({ route: 'recipes', role: 'engineer', language: 'zh-CN' });
    const { page } = screen;
    await page.goto(`${page.url().split('#')[0]}#/recipes/versions/${'5e'.repeat(32)}`);
    await screen.click('withdraw');
    await screen.click('withdraw-go');
    await page.getByText('请写出原因，至少 2 个字').waitFor();
    await page.getByTestId('withdraw-reason').fill('报废');
    await screen.click('withdraw-go');
    await eventually(() => screen.calls('recipes.withdraw')).toEqual([
      { hash: '5e'.repeat(32), reason: '报废' },
    ]);
  },
);

it('hides what a recipe badge says with Escape, until it is pointed at again', async () => {
  const { page } = await tabs().open({ route: 'batches', role: 'engineer', language: 'en' });
  const badge = page.getByTestId('recipe-badge').first();
  const text = badge.getByRole('tooltip');
  await badge.hover();
  await text.waitFor();
  await page.keyboard.press('Escape');
  await text.waitFor({ state: 'hidden' });
  await page.mouse.move(0, 0);
  await badge.hover();
  await text.waitFor();
});

it('leads from the health of the station to its backups, who may make one', async () => {
  const screen = await tabs().open({ route: 'sync', role: 'engineer', language: 'en' });
  await screen.click('to-backups');
  await eventually(() => screen.page.evaluate(() => location.hash)).toMatch(/^#\/station\/backup/);
  const other = await tabs().open({ route: 'sync', role: 'support', language: 'en' });
  await other.page.getByTestId('health').waitFor();
  expect(await other.page.getByTestId('to-backups').count()).toBe(0);
});
