import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { choose } from '../support/choose.ts';
import { galleryPages } from '../support/gallery-page.ts';
import { eventually, devPages } from '../support/dev-pages.ts';
import { LONG } from '../../support/depth.ts';
import { partOf } from '../../support/rotation.ts';

const gallery = devPages(galleryPages);
const focused = (page: Page): Promise<string | null | undefined> =>
  page.evaluate(() => document.activeElement?.getAttribute('data-testid'));

describe('a dialog', () => {
  it('keeps the focus inside, gives it back, and hides the page from screen readers', async () => {
    const { page } = await gallery().open({ tab: 'actions' });
    await page.getByTestId('open-form').focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'New user' });
    await dialog.waitFor();
    await eventually(() => focused(page)).toBe('dialog-name');
    const seen = new Set<string | null | undefined>();
    for (let step = 0; step < 8; step += 1) {
      await page.keyboard.press('Tab');
      seen.add(await focused(page));
      expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
    }
    expect(seen).toContain('dialog-save');
    expect(await page.locator('#app').getAttribute('aria-hidden')).toBe('true');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await eventually(() => focused(page)).toBe('open-form');
    expect(await page.locator('#app').getAttribute('aria-hidden')).toBeNull();
  });

  it.runIf(LONG)('with a form is sent by Enter; a list in it closes alone', async () => {
    const { page, text } = await gallery().open({ tab: 'actions' });
    await page.getByTestId('open-form').click();
    await choose(page, 'dialog-role', '2');
    await page.getByTestId('dialog-role').click();
    await page.keyboard.press('Escape');
    await page.getByRole('listbox').waitFor({ state: 'detached' });
    await page.getByTestId('dialog-name').fill('Ana');
    await page.keyboard.press('Enter');
    await eventually(() => text('log')).toBe('saved:Ana:2');
    expect(await page.getByRole('dialog').count()).toBe(0);
  });

  it.runIf(LONG)('with something missing says what, by Enter as by a press, and is not sent', async () => {
    const { page, text } = await gallery().open({ tab: 'actions' });
    await page.getByTestId('open-form').click();
    await page.getByTestId('dialog-name').focus();
    await page.keyboard.press('Enter');
    await eventually(() => text('missing')).toContain('Still missing: Name');
    expect(await page.getByTestId('missing').getAttribute('role')).toBe('alert');
    expect(await text('log')).toBe('');
    await page.getByTestId('dialog-name').fill('Ana');
    await eventually(() => text('missing')).not.toContain('missing');
    await page.getByTestId('dialog-save').click();
    await eventually(() => text('log')).toBe('saved:Ana:1');
  });

  it('that asks has its focus where nothing is lost, and does nothing when it is left', async () => {
    const { page, text } = await gallery().open({ tab: 'actions' });
    await page.getByTestId('open-confirm').click();
    await page.getByRole('alertdialog', { name: 'Remove 李伟?' }).waitFor();
    await eventually(() => page.evaluate(() => document.activeElement?.textContent?.trim())).toBe('Cancel');
    await page.keyboard.press('Enter');
    await eventually(() => page.getByRole('alertdialog').count()).toBe(0);
    expect(await text('log')).toBe('');
    await page.getByTestId('open-confirm').click();
    await page.mouse.click(5, 5);
    await eventually(() => page.getByRole('alertdialog').count()).toBe(0);
    expect(await text('log')).toBe('');
  });
});

describe('a toast', () => {
  it.runIf(LONG)('can be undone, also over a dialog, which stays', async () => {
    const { page, text } = await gallery().open({ tab: 'actions' });
    await page.getByTestId('toast-undo').click();
    await page.getByTestId('open-form').click();
    await page.getByTestId('dialog-name').waitFor();
    for (const button of await page.locator('.ui-dialog button').all()) await button.click({ trial: true });
    await page.getByTestId('toast-action').click();
    await eventually(() => text('log')).toBe('removed undone');
    await eventually(() => page.getByTestId('toast').count()).toBe(0);
    expect(await page.getByTestId('dialog-name').isVisible()).toBe(true);
  });

  it.runIf(LONG)('covers no button of a dialog at the edge of the window', async () => {
    const { page } = await gallery().open({ tab: 'actions' });
    await page.getByTestId('toast-undo').click();
    await page.getByTestId('open-side').click();
    const buttons = page.locator('.ui-dialog button');
    await buttons.first().waitFor();
    for (const button of await buttons.all()) await button.click({ trial: true, timeout: 5_000 });
    expect(await buttons.count()).toBeGreaterThan(0);
  });

  it.runIf(LONG)('goes by itself, and not while the pointer is on it', async () => {
    const { page } = await gallery().open({ tab: 'actions' });
    await page.clock.install();
    await page.getByTestId('toast-undo').click();
    const toast = page.getByTestId('toast');
    await toast.hover();
    await page.clock.runFor(60_000);
    expect(await toast.count()).toBe(1);
    await page.mouse.move(10, 10);
    // The time that is left begins when the pointer has gone, an event of its own.
    await eventually(async () => {
      await page.clock.runFor(1_000);
      return toast.count();
    }).toBe(0);
  });
});

describe('a menu', () => {
  it('is opened and used with the keyboard, and skips what is not possible', async () => {
    const { page, text } = await gallery().open({ tab: 'actions' });
    await page.getByTestId('menu').focus();
    await page.keyboard.press('Enter');
    await eventually(() => focused(page)).toBe('menu-rename');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await eventually(() => text('log')).toBe('delete');
    await eventually(() => focused(page)).toBe('menu');
  });
});

describe('tabs and tooltips', () => {
  it('are reached with the keyboard', async () => {
    const { page } = await gallery().open({ tab: 'actions' });
    await page.getByTestId('tooltip').focus();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Tab');
    await page.getByRole('tooltip', { name: /passed at their first run/ }).waitFor();
    const { color, background } = await page.locator('.ui-tooltip').evaluate((element) => {
      const style = getComputedStyle(element);
      return { color: style.color, background: style.backgroundColor };
    });
    expect(color).not.toBe(background);
    await page.getByRole('tab', { selected: true }).focus();
    await page.keyboard.press('ArrowRight');
    await page.getByTestId('served').waitFor();
    expect(await page.getByRole('tab', { selected: true }).textContent()).toContain('Tables');
  });
});

describe('the policy `style-src self` of the shipped page', () => {
  it.each(partOf(['light', 'dark'] as const, 1))('refuses nothing of the whole set, in %s', async (theme) => {
    const { page, complaints, violations } = await gallery().open({ theme });
    for (const testId of ['role', 'zone', 'days']) {
      await page.getByTestId(testId).click();
      await page.keyboard.press('Escape');
    }
    await page.getByTestId('tab-actions').click();
    for (const testId of ['menu', 'open-form', 'open-confirm', 'open-side']) {
      await page.getByTestId(testId).click();
      await page.locator('.ui-layer, .ui-dialog').first().waitFor();
      await page.keyboard.press('Escape');
      await eventually(() => page.locator('.ui-layer, .ui-dialog').count()).toBe(0);
    }
    await page.getByTestId('toast-undo').click();
    await page.getByTestId('tooltip').hover();
    await page.locator('.ui-tooltip').waitFor();
    await page.getByTestId('tab-tables').click();
    await page.getByTestId('table-columns').click();
    expect(await violations()).toBe(0);
    expect(complaints).toEqual([]);
    // The counter counts: the policy refuses a style sheet that is put into the page.
    await page.evaluate(() => {
      const style = document.createElement('style');
      style.textContent = 'body { color: red }';
      document.head.append(style);
    });
    await eventually(violations).toBe(1);
  });
});
