import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { choose } from '../support/choose.ts';
import { galleryPages } from '../support/gallery-page.ts';
import { eventually, devPages } from '../support/dev-pages.ts';
import { LONG } from '../../support/depth.ts';

const gallery = devPages(galleryPages);
/** The texts of a column, by its position from 1. */
const column = (table: Locator, position: number): Promise<string[]> =>
  table.locator(`tbody tr:not(.spacer) > :nth-child(${position})`).allInnerTexts();
const drawn = (table: Locator): Promise<number> => table.locator('tbody tr:not(.spacer)').count();

describe('a table of rows that the page has', () => {
  const local = (page: Page): Locator => page.getByTestId('local');

  it.runIf(LONG)('draws of a thousand rows only those in sight, and comes to every one', async () => {
    const { page } = await gallery().open({ tab: 'tables' });
    await page.getByTestId('unit-0').waitFor();
    expect(await drawn(local(page))).toBeLessThan(60);
    const scroller = local(page).locator('.scroller');
    const head = local(page).locator('thead th').first();
    const top = (await head.boundingBox())?.y;
    await scroller.evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
    await page.getByTestId('unit-999').waitFor();
    expect(await drawn(local(page))).toBeLessThan(60);
    expect((await head.boundingBox())?.y).toBe(top);
    expect(await local(page).locator('table').getAttribute('aria-rowcount')).toBe('1000');
  });

  it('is sorted by a press on a head, and says so', async () => {
    const { page } = await gallery().open({ tab: 'tables' });
    const sort = local(page).getByTestId('sort-id');
    const direction = (): Promise<string | null> =>
      local(page).locator('th').first().getAttribute('aria-sort');
    expect(await direction()).toBeNull();
    await sort.click();
    expect(await direction()).toBe('ascending');
    await sort.focus();
    await page.keyboard.press('Enter');
    await eventually(direction).toBe('descending');
    await eventually(async () => (await column(local(page), 1))[0]).toBe('999');
  });

  it('is searched, and says how many were found or that there are none', async () => {
    const { page } = await gallery().open({ tab: 'tables' });
    const search = local(page).getByTestId('table-search');
    await search.fill('SN26110007919');
    await eventually(() => drawn(local(page))).toBe(1);
    await local(page).getByText('1 found').waitFor();
    await search.fill('nothing like it');
    await local(page).getByText('Nothing found').waitFor();
  });

  it.runIf(LONG)('is walked with the keyboard, and a row is opened; a button in it is no row', async () => {
    const { page, text } = await gallery().open({ tab: 'tables' });
    await page.getByTestId('unit-0').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('PageDown');
    await eventually(() => page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe(
      'unit-11',
    );
    await page.keyboard.press('Enter');
    await eventually(() => text('opened')).toBe('SN26110087109');
    await page.keyboard.press('End');
    await eventually(() => page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe(
      'unit-999',
    );
    await page.keyboard.press('Home');
    await eventually(() => page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe(
      'unit-0',
    );
    await page.getByTestId('unit-1').getByRole('button').click();
    expect(await text('opened')).toBe('button');
    await page.getByTestId('unit-2').click();
    expect(await text('opened')).toBe('SN26110015838');
  });

  it.runIf(LONG)('remembers the chosen columns and the order in this browser', async () => {
    const { page } = await gallery().open({ tab: 'tables' });
    const heads = (): Promise<string[]> => local(page).locator('thead th').allInnerTexts();
    expect(await heads()).not.toContain('Product');
    await local(page).getByTestId('table-columns').click();
    await page.getByTestId('column-shown-product').check();
    await page.getByTestId('column-shown-note').uncheck();
    expect(await page.getByTestId('column-shown-serial').isDisabled()).toBe(true);
    await page.keyboard.press('Escape');
    await local(page).getByTestId('sort-took').click();
    await page.reload();
    await page.getByTestId('local').waitFor();
    expect(await heads()).toContain('Product');
    expect(await heads()).not.toContain('Note');
    expect(await local(page).locator('[aria-sort=ascending]').innerText()).toBe('Took');
    // Settings of another version are ignored.
    await page.evaluate(() =>
      localStorage.setItem('gongwei.table.gallery', '{"sort":7,"columns":[],"pageSize":"x"}'),
    );
    await page.reload();
    await page.getByTestId('unit-0').waitFor();
    expect(await heads()).toContain('Note');
  });
});

describe('a table of rows that a server has', () => {
  const served = (page: Page): Locator => page.getByTestId('served');
  const range = (page: Page): Promise<string | null> => served(page).getByTestId('table-range').textContent();

  it('asks for a page of a million at a time, in its order', async () => {
    const { page } = await gallery().open({ tab: 'tables', rows: 1_000_000 });
    await eventually(() => range(page)).toBe('1–25 of 1,000,000');
    await served(page).getByTestId('table-next').click();
    await eventually(() => range(page)).toBe('26–50 of 1,000,000');
    expect((await column(served(page), 1))[0]).toBe('25');
    await served(page).getByRole('button', { name: 'Last page' }).click();
    await eventually(async () => (await column(served(page), 1)).at(-1)).toBe('999999');
    expect(await served(page).getByTestId('table-next').isDisabled()).toBe(true);
    await served(page).getByTestId('sort-id').click();
    await served(page).getByTestId('sort-id').click();
    await eventually(async () => (await column(served(page), 1))[0]).toBe('999999');
    expect(await range(page)).toBe('1–25 of 1,000,000');
  });

  it.runIf(LONG)('is searched by the server, and shows the last answer only', async () => {
    const { page } = await gallery().open({ tab: 'tables', rows: 2000 });
    await eventually(() => range(page)).toBe('1–25 of 2,000');
    await served(page).getByTestId('table-search').pressSequentially('SN26110007919');
    await eventually(() => range(page)).toBe('1–1 of 1');
    expect(await column(served(page), 2)).toEqual(['SN26110007919']);
  });

  it('keeps its rows while it waits, and says why when it was refused, with the way to try again', async () => {
    const { page } = await gallery().open({ tab: 'tables', rows: 2000 });
    await eventually(() => range(page)).toBe('1–25 of 2,000');
    await choose(page, 'answers', 'never');
    await served(page).getByTestId('table-next').click();
    await served(page).locator('[aria-busy=true]').waitFor();
    expect(await drawn(served(page))).toBe(25);
    await choose(page, 'answers', 'fault');
    await served(page).getByTestId('table-next').click();
    await served(page).locator('[data-code=disk-full]').waitFor();
    await choose(page, 'answers', 'soon');
    await served(page).getByTestId('again').click();
    await eventually(() => served(page).locator('[data-code=disk-full]').count()).toBe(0);
    expect((await column(served(page), 1))[0]).toBe('50');
  });

  it('without rows says so', async () => {
    const { text } = await gallery().open({ tab: 'tables' });
    expect(await text('empty')).toContain('No entries');
  });
});
