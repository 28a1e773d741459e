import { describe, expect, it } from 'vitest';
import { openDevPages } from './support/dev-page.ts';
import { devPages, eventually } from './support/dev-pages.ts';
import { LONG } from '../support/depth.ts';

const tabs = devPages(openDevPages);

describe('Ctrl+K in the back office', () => {
  it('goes to a page or a setting by its name, with the keyboard alone', async () => {
    const screen = await tabs().open({ route: 'sync', role: 'engineer', language: 'en' });
    const { page } = screen;
    const hash = (): Promise<string> => page.evaluate(() => location.hash);
    await page.keyboard.press('Control+k');
    const name = page.getByTestId('go-to-name');
    await eventually(() => name.evaluate((field) => field === document.activeElement)).toBe(true);
    await page.keyboard.type('token');
    await eventually(() => page.getByTestId('go-to-place').allTextContents()).toEqual([
      expect.stringContaining('Registry › Token') as string,
    ]);
    await page.keyboard.press('Enter');
    await eventually(hash).toBe('#/station/registry?at=token');

    await page.keyboard.press('Control+k');
    await page.keyboard.type('no such page');
    await page.getByRole('status').filter({ hasText: 'has this name' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByTestId('go-to-name').waitFor({ state: 'detached' });
    expect(await hash()).toBe('#/station/registry?at=token');

    await page.keyboard.press('Control+k');
    await name.waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const second = await page.evaluate(() => document.activeElement?.getAttribute('href') ?? '');
    await page.keyboard.press('Enter');
    await eventually(hash).toBe(second);
    expect(screen.complaints).toEqual([]);
  });

  it.runIf(LONG)('offers support nothing that its role may not open', async () => {
    const { page } = await tabs().open({ route: 'sync', role: 'support', language: 'zh-CN' });
    await page.keyboard.press('Control+k');
    await page.getByTestId('go-to-name').fill('三元组池');
    await page.getByText('没有这个名称的页面或设置。').waitFor();
    await page.getByTestId('go-to-name').fill('返修台');
    await eventually(() => page.getByTestId('go-to-place').count()).toBe(1);
  });
});
