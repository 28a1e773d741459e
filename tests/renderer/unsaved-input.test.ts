import type { Dialog } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { type DevPage, openDevPages, type OpenOptions } from './support/dev-page.ts';
import { eventually, devPages } from './support/dev-pages.ts';
import { LONG } from '../support/depth.ts';

const tabs = devPages(openDevPages);

const open = (options?: OpenOptions): Promise<DevPage> =>
  tabs().open({ route: 'back-office', role: 'engineer', slots: 8, language: 'en', ...options });
const hash = ({ page }: DevPage): Promise<string> => page.evaluate(() => location.hash);
const focused = ({ page }: DevPage): Promise<string | null> =>
  page.evaluate(() => document.activeElement?.getAttribute('data-testid') ?? null);

describe('input that is not saved', () => {
  async function withRecipe(): Promise<DevPage> {
    const screen = await open({ route: 'returns' });
    await screen.page.getByTestId('returns').waitFor();
    await screen.click('nav-batches');
    await screen.click('new-batch');
    await screen.click('tab-text');
    await screen.page.getByTestId('recipe').fill('gongwei: recipe/1\n');
    return screen;
  }

  it('is asked about before a key leaves the page, and stays when the answer is no', async () => {
    const screen = await withRecipe();
    const { page } = screen;
    await page.keyboard.press('F9');
    await page.getByTestId('unsaved').waitFor();
    // The focus is on the answer that keeps the input.
    expect(await focused(screen)).not.toBe('discard');
    await page.keyboard.press('Escape');
    await eventually(() => page.getByTestId('unsaved').count()).toBe(0);
    expect(await page.getByTestId('recipe').inputValue()).toBe('gongwei: recipe/1\n');
    expect(await hash(screen)).toBe('#/batches');
    await page.keyboard.press('F9');
    await screen.click('discard');
    await page.getByTestId('scan-input').waitFor();
    expect(screen.complaints).toEqual([]);
  });

  it('is asked about before the browser goes back', async () => {
    const screen = await withRecipe();
    const { page } = screen;
    await page.evaluate(() => history.back());
    await page.getByTestId('unsaved').waitFor();
    await page.keyboard.press('Escape');
    await eventually(() => hash(screen)).toBe('#/batches');
    await page.evaluate(() => history.back());
    await screen.click('discard');
    await page.getByTestId('returns').waitFor();
    expect(await hash(screen)).toBe('#/returns');
  });

  it.runIf(LONG)('is asked about at the address of its page, also when that was typed', async () => {
    const screen = await open({ route: 'returns' });
    const { page } = screen;
    await screen.click('nav-sync');
    await screen.click('nav-firmware');
    await page.getByTestId('firmware-page').waitFor();
    await page.evaluate(() => (location.hash = '#/batches'));
    await screen.click('new-batch');
    await screen.click('tab-text');
    await page.getByTestId('recipe').fill('gongwei: recipe/1\n');
    for (const leave of [
      () => history.back(),
      () => history.go(-2),
      () => void (location.hash = '#/sync'),
      () => void (location.hash = '#/unknown/x'),
    ]) {
      await page.evaluate(leave);
      await page.getByTestId('unsaved').waitFor();
      await eventually(() => hash(screen)).toBe('#/batches');
      await page.keyboard.press('Escape');
      await eventually(() => page.getByTestId('unsaved').count()).toBe(0);
      expect(await page.getByTestId('recipe').inputValue()).toBe('gongwei: recipe/1\n');
    }
    // The history is as it was: after the answer yes Back leads to the page before.
    await page.evaluate(() => history.back());
    await screen.click('discard');
    await page.getByTestId('firmware-page').waitFor();
    expect(await hash(screen)).toBe('#/firmware');
    await page.goForward();
    await page.getByTestId('batches-page').waitFor();
    expect(screen.complaints).toEqual([]);
  });

  it.runIf(LONG)(
    'stays when the browser goes back again and again, and the last page that was asked for is opened',
    async () => {
      const screen = await withRecipe();
      const { page } = screen;
      for (let times = 0; times < 3; times += 1) {
        await page.evaluate(() => history.back());
        await page.getByTestId('unsaved').waitFor();
        await eventually(() => hash(screen)).toBe('#/batches');
      }
      await page.keyboard.press('F9');
      await screen.click('discard');
      await page.getByTestId('scan-input').waitFor();
      expect(await hash(screen)).toBe('#/');
    },
  );

  it.each([
    ['Escape', (page: DevPage['page']) => page.keyboard.press('Escape')],
    ['the X', (page: DevPage['page']) => page.getByTestId('dialog-close').first().click()],
    ['a click beside it', (page: DevPage['page']) => page.mouse.click(5, 5)],
  ])('is asked about before its dialog is closed by %s', async (_, close) => {
    const screen = await withRecipe();
    const { page } = screen;
    await close(page);
    await page.getByTestId('unsaved').waitFor();
    await page.keyboard.press('Escape');
    await eventually(() => page.getByTestId('unsaved').count()).toBe(0);
    expect(await page.getByTestId('recipe').inputValue()).toBe('gongwei: recipe/1\n');
    await close(page);
    await screen.click('discard');
    await eventually(() => page.getByTestId('recipe').count()).toBe(0);
    expect(await hash(screen)).toBe('#/batches');
    await eventually(() => focused(screen)).toBe('new-batch');
    expect(screen.complaints).toEqual([]);
  });

  it.runIf(LONG)(
    'is asked about before the browser loads or closes the document, and only then',
    async () => {
      const screen = await withRecipe();
      const { page } = screen;
      const asked: string[] = [];
      const onDialog = (dialog: Dialog): void => {
        asked.push(dialog.type());
        void dialog.dismiss();
      };
      page.on('dialog', onDialog);
      await page.evaluate(() => location.reload());
      await eventually(() => Promise.resolve(asked)).toEqual(['beforeunload']);
      expect(await page.getByTestId('recipe').inputValue()).toBe('gongwei: recipe/1\n');
      await page.getByTestId('recipe').fill('');
      await page.reload();
      await page.getByTestId('batches-page').waitFor();
      expect(asked).toEqual(['beforeunload']);
      page.off('dialog', onDialog);
    },
  );

  it('goes with its question when the session ends, and the next user can sign in', async () => {
    const screen = await withRecipe();
    const { page } = screen;
    await page.evaluate(() => history.back());
    await page.getByTestId('unsaved').waitFor();
    await screen.station((harness) => harness.signOut());
    await page.getByTestId('who').waitFor();
    expect(await page.getByTestId('unsaved').count()).toBe(0);
    await eventually(() => focused(screen)).toBe('who');
    await page.keyboard.type('陈静');
    await page.keyboard.press('Enter');
    await page.getByTestId('pin').fill('246800');
    await page.keyboard.press('Enter');
    await page.getByTestId('batches-page').waitFor();
    expect(screen.complaints).toEqual([]);
  });

  it.runIf(LONG)('goes with its question when another user has signed in on another tab', async () => {
    const screen = await withRecipe();
    const { page } = screen;
    await page.evaluate(() => history.back());
    await page.getByTestId('unsaved').waitFor();
    // A page that lost the station meanwhile learns the new user only, and nothing of the sign-out before.
    await screen.station(({ station }) => station.session.change({ role: 'engineer', user: 'Maria Keller' }));
    await eventually(() => screen.text('user')).toContain('Maria Keller');
    await eventually(() => page.getByTestId('recipe').count()).toBe(0);
    expect(await page.getByTestId('unsaved').count()).toBe(0);
    expect(await hash(screen)).toBe('#/batches');
    await page.getByTestId('batches-page').waitFor();
    expect(screen.complaints).toEqual([]);
  });

  it.runIf(LONG)(
    'is not asked about when nothing was typed, when it was saved, or when the session ends',
    async () => {
      const screen = await open({ route: 'batches' });
      const { page } = screen;
      await screen.click('new-batch');
      await screen.click('tab-text');
      await page.keyboard.press('F9');
      await page.getByTestId('scan-input').waitFor();

      const saved = await withRecipe();
      await saved.page.getByTestId('quantity').fill('5');
      await saved.page.getByTestId('recipe-summary').waitFor();
      await saved.click('create');
      await saved.page.getByTestId('batch-page').waitFor();

      const ended = await withRecipe();
      await ended.station((harness) => harness.signOut());
      await ended.page.getByTestId('sign-in').waitFor();
      expect(await ended.page.getByTestId('unsaved').count()).toBe(0);
    },
  );
});
