import { describe, expect, it } from 'vitest';
import { openDevPages } from './support/dev-page.ts';
import { devPages } from './support/dev-pages.ts';

const tabs = devPages(openDevPages);

describe('the updates on the station page', () => {
  it('are checked, downloaded with their progress, cancelled, and installed after a question', async () => {
    const screen = await tabs().open({ role: 'engineer', route: 'station/updates', language: 'en' });
    const { page } = screen;
    await page.getByTestId('updates').waitFor();
    expect(await screen.text('updates')).toContain('0.1.0');
    await screen.click('update-check');
    await page.getByTestId('update-offer').waitFor();
    expect(await screen.text('update-offer')).toContain('Version 0.2.0 is available');
    expect(await screen.text('update-offer')).toContain('Figures of a batch');
    await screen.click('update-download');
    await page.getByTestId('update-progress').waitFor();
    await screen.click('update-cancel');
    await page.getByTestId('update-progress').waitFor({ state: 'detached' });
    await screen.click('update-download');
    await page.getByTestId('update-ready').waitFor();
    await screen.click('update-install');
    expect(await page.getByRole('alertdialog').textContent()).toContain('backed up');
    expect(await screen.calls('updates.install')).toEqual([]);
    await screen.click('update-install-go');
    await page.getByTestId('update-installing').waitFor();
    expect(await screen.text('update-installing')).toContain('Close this program');
    expect(await screen.text('update-installing')).toContain('Gongwei-Setup-0.2.0.exe');
    await page.getByTestId('update-source').fill('');
    await screen.click('save');
    await page.getByTestId('update-no-source').waitFor();
    expect(await screen.calls('updates.setSource')).toEqual([{ source: null }]);
    expect(screen.complaints).toEqual([]);
  });
});
