import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { openDevPages } from './support/dev-page.ts';
import { eventually, devPages } from './support/dev-pages.ts';
import { LONG } from '../support/depth.ts';

const tabs = devPages(openDevPages);
/** The tag and the text of the element with the focus. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const { activeElement } = document;
    return `${activeElement?.tagName ?? ''} ${activeElement?.textContent?.trim() ?? ''}`;
  });

it('begins at the heading of a page, and the first stop of Tab leads past the navigation to it', async () => {
  const { page } = await tabs().open({ role: 'engineer', route: 'firmware', language: 'en' });
  await eventually(() => focused(page)).toBe('H1 Firmware');
  await page.getByTestId('nav-pool').click();
  await eventually(() => focused(page)).toBe('H1 Triples');
  await page.getByTestId('skip').focus();
  expect(await page.getByTestId('skip').evaluate((link) => getComputedStyle(link).clipPath)).toBe('none');
  await page.keyboard.press('Enter');
  await eventually(() => focused(page)).toBe('H1 Triples');
  expect(await page.evaluate(() => location.hash)).toBe('#/pool');
});

it('goes to the heading when what had it is gone, and nowhere after a click beside everything', async () => {
  const { page } = await tabs().open({ role: 'engineer', route: 'pool', scene: 'pool-full', language: 'en' });
  await page.getByTestId('lease-product').first().focus();
  await page.evaluate(() => document.activeElement?.remove());
  await eventually(() => focused(page)).toBe('H1 Triples');
  await page.locator('main').click({ position: { x: 3, y: 3 } });
  await page.evaluate(() => document.querySelector('[data-testid=give-back]')?.remove());
  expect(await focused(page)).not.toContain('H1');
});

it.runIf(LONG)(
  'is on the page after signing in, and on the page of a batch after it was created',
  async () => {
    const screen = await tabs().open({ route: 'back-office', language: 'en' });
    const { page } = screen;
    await screen.click('user-陈静');
    await page.getByTestId('pin').fill('246800');
    await page.keyboard.press('Enter');
    await page.getByTestId('batches-page').waitFor();
    await eventually(() => focused(page)).toBe('H1 Batches');
    await screen.click('new-batch');
    await screen.click('tab-text');
    await page.getByTestId('recipe').fill('gongwei: recipe/1\n');
    await page.getByTestId('recipe-summary').waitFor();
    await page.getByTestId('quantity').fill('5');
    await page.keyboard.press('Enter');
    await page.getByTestId('batch-page').waitFor();
    await eventually(() => focused(page)).toMatch(/^H1 /);
    await eventually(() => screen.text('toast')).toContain('Press F2 on the line');
  },
);
