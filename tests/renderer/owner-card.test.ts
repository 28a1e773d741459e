import { describe, expect, it } from 'vitest';
import { openDevPages } from './support/dev-page.ts';
import { devPages, eventually } from './support/dev-pages.ts';

const tabs = devPages(openDevPages);
const RIGHT_PIN = '246800';

describe('the owner of a returned unit', () => {
  it('is shown, and released with a reason and an approver', async () => {
    const screen = await tabs().open({ role: 'support', route: 'returns', slots: 2, language: 'en' });
    const { page } = screen;
    await page.keyboard.type('1');
    await page.keyboard.press('Enter');
    await page.getByTestId('owner').waitFor();
    expect(await screen.text('owner')).toContain('Left bound by a test of station Line 3');
    const shots = process.env['OWNER_SHOTS'];
    if (shots !== undefined) await page.screenshot({ path: `${shots}/owner-en.png` });
    await screen.click('release-owner');
    await page.getByTestId('reason').fill('left bound by a test');
    await page.getByTestId('approver').fill('陈静');
    await page.getByTestId('approver-pin').fill(RIGHT_PIN);
    if (shots !== undefined) await page.screenshot({ path: `${shots}/release-en.png` });
    await page.keyboard.press('Enter');
    await eventually(() => screen.calls('returns.unbind')).toMatchObject([
      { owner: 'station:Line 3', reason: 'left bound by a test', approver: '陈静' },
    ]);
    await eventually(() => page.getByTestId('reason').count()).toBe(0);
    expect(screen.complaints).toEqual([]);
  });
});
