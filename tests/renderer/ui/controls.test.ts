import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { choose } from '../support/choose.ts';
import { galleryPages } from '../support/gallery-page.ts';
import { eventually, devPages } from '../support/dev-pages.ts';
import { LONG } from '../../support/depth.ts';

const gallery = devPages(galleryPages);
const focusedOption = (page: Page): Promise<string | null | undefined> =>
  page.evaluate(() => document.activeElement?.getAttribute('data-option'));

describe('a field', () => {
  it('connects its label, hint and error with the control', async () => {
    const { page } = await gallery().open();
    const name = page.getByRole('textbox', { name: 'Name', exact: true });
    expect(await name.getAttribute('data-testid')).toBe('name');
    expect(await name.getAttribute('aria-required')).toBe('true');
    const described = async (testId: string): Promise<string | null> => {
      const id = (await page.getByTestId(testId).getAttribute('aria-describedby')) ?? '';
      return page.locator(`[id="${id}"]`).textContent();
    };
    expect(await described('name')).toBe('As on the badge');
    expect(await page.getByTestId('reason').getAttribute('aria-invalid')).toBe('true');
    expect(await described('reason')).toContain('At least three characters');
    expect(await page.getByTestId('count').getAttribute('aria-invalid')).toBeNull();
  });

  it.runIf(LONG)('gives a number as a number, and nothing while none is typed', async () => {
    const { page, form } = await gallery().open();
    await page.getByTestId('count').fill('250');
    await eventually(async () => (await form())['count']).toBe(250);
    await page.getByTestId('count').fill('');
    await eventually(async () => (await form())['count']).toBe('');
    await page.getByText('A number from 1').waitFor();
    expect(await page.getByTestId('count').getAttribute('aria-invalid')).toBe('true');
  });

  it('of yes and no is changed by its words and by the keyboard', async () => {
    const { page, form } = await gallery().open();
    await page.getByText('Count station errors').click();
    await page.getByTestId('switch').focus();
    await page.keyboard.press('Space');
    await eventually(form).toMatchObject({ stationErrors: false, sound: true });
    await page.getByRole('radio', { name: 'By scan' }).focus();
    // A key that is down for a moment, as a finger holds it.
    await page.keyboard.press('ArrowDown', { delay: 100 });
    await eventually(form).toMatchObject({ start: 'arrival' });
  });
});

describe('a select', () => {
  it('is a combobox of its label, and says its value', async () => {
    const { page } = await gallery().open();
    const role = page.getByRole('combobox', { name: 'Role Support' });
    expect(await role.getAttribute('aria-expanded')).toBe('false');
    await role.click();
    expect(await role.getAttribute('aria-expanded')).toBe('true');
    await page.getByRole('listbox', { name: 'Role' }).waitFor();
    expect(await page.getByRole('option', { selected: true }).textContent()).toContain('Support');
  });

  it('is worked with the keyboard alone, and the focus comes back', async () => {
    const { page, form } = await gallery().open();
    await page.getByTestId('role').focus();
    await page.keyboard.press('ArrowDown');
    await eventually(() => focusedOption(page)).toBe('support');
    await page.keyboard.press('ArrowDown');
    await eventually(() => focusedOption(page)).toBe('engineer');
    await page.keyboard.press('Enter');
    await page.getByRole('listbox').waitFor({ state: 'detached' });
    expect(await form()).toMatchObject({ role: 'engineer' });
    await eventually(() => page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe(
      'role',
    );
    await page.keyboard.press('Enter');
    await eventually(() => focusedOption(page)).toBe('engineer');
    await page.keyboard.press('o');
    await eventually(() => focusedOption(page)).toBe('operator');
    await page.keyboard.press('Enter');
    await eventually(form).toMatchObject({ role: 'operator' });
    await page.keyboard.press('ArrowDown');
    await eventually(() => focusedOption(page)).toBe('operator');
    await page.keyboard.press('Escape');
    await page.getByRole('listbox').waitFor({ state: 'detached' });
    expect(await form()).toMatchObject({ role: 'operator' });
  });

  it.runIf(LONG)('takes null for a value, and no disabled option', async () => {
    const { page, form } = await gallery().open();
    await choose(page, 'slot', '2');
    expect(await form()).toMatchObject({ slot: 2 });
    await choose(page, 'slot', { index: 0 });
    expect(await form()).toMatchObject({ slot: null });
    await page.getByTestId('slot').click();
    expect(await page.getByRole('option', { name: 'Slot 3' }).getAttribute('aria-disabled')).toBe('true');
  });

  it.runIf(LONG)('with many options is searched, in either script', async () => {
    const { page, form } = await gallery().open();
    await page.getByTestId('zone').click();
    await page.keyboard.type('区域 31');
    await eventually(() => page.getByRole('option').count()).toBe(1);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await eventually(form).toMatchObject({ zone: 31 });
    await page.getByTestId('zone').click();
    await page.keyboard.type('nowhere');
    await page.getByText('Nothing found').waitFor();
  });
});

describe('a range of days', () => {
  it.runIf(LONG)('is chosen in the calendar with the keyboard, from midnight to midnight', async () => {
    const { page, form } = await gallery().open({ today: '2026-11-29' });
    await page.getByTestId('days').focus();
    await page.keyboard.press('Enter');
    await page.getByTestId('calendar').waitFor();
    // From today, November 29, five weeks back: over the night in which the clocks were put back.
    for (let week = 0; week < 5; week += 1) await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.getByTestId('calendar').waitFor({ state: 'detached' });
    expect((await form())['days']).toEqual({
      fromMs: Date.parse('2026-10-25T00:00:00+02:00'),
      toMs: Date.parse('2026-10-27T00:00:00+01:00'),
    });
    expect(await page.getByTestId('days').textContent()).toContain('Oct 25 – 26, 2026');
  });

  it('speaks both languages, offers the usual ones, and no day to come', async () => {
    const { page, form } = await gallery().open({ language: 'zh-CN', today: '2026-11-29' });
    await page.getByTestId('days').click();
    expect(await page.getByTestId('calendar').textContent()).toContain('2026年11月');
    expect(await page.getByTestId('calendar').textContent()).toContain('周一');
    expect(await page.locator('[data-value="2026-11-30"]').getAttribute('aria-disabled')).toBe('true');
    await page.getByTestId('dates-week').click();
    await page.getByTestId('calendar').waitFor({ state: 'detached' });
    expect((await form())['days']).toEqual({
      fromMs: Date.parse('2026-11-23T00:00:00+01:00'),
      toMs: Date.parse('2026-11-30T00:00:00+01:00'),
    });
    await page.getByTestId('days').click();
    await page.getByTestId('dates-all').click();
    await eventually(async () => (await form())['days']).toBeNull();
  });
});
