import { describe, expect, it } from 'vitest';
import { type DevPage, openDevPages, type OpenOptions } from './support/dev-page.ts';
import { eventually, devPages } from './support/dev-pages.ts';

const tabs = devPages(openDevPages);

const open = (options?: OpenOptions): Promise<DevPage> =>
  tabs().open({ role: 'engineer', route: 'station', language: 'en', ...options });

describe('the station page', () => {
  it('finds a setting by a word of it, leads to it, and asks before a change is lost', async () => {
    const screen = await open();
    const { page } = screen;
    await page.getByTestId('station-name').waitFor();
    await page.getByTestId('setting-search').fill('greatest age');
    await screen.click('found-age');
    const age = page.getByTestId('recordings-age');
    await eventually(() => age.evaluate((input) => input === document.activeElement)).toBe(true);
    await page.getByTestId('setting-search').fill('');
    await age.fill('30');
    expect(await screen.text('recordings-removed')).toContain('removed for good');
    await screen.click('section-general');
    await page.getByTestId('unsaved').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    expect(await age.inputValue()).toBe('30');
    await age.press('Enter');
    await page.getByTestId('toast').waitFor();
    expect(await screen.calls('settings.change')).toEqual([
      { recordings: { maxAgeDays: 30, maxBytes: 20_000_000_000, keepDays: 7 } },
    ]);
    await screen.click('section-general');
    await page.getByTestId('station-name').fill('L3-08');
    await page.getByTestId('station-name').press('Enter');
    expect(await screen.text('name-refused')).toContain('3 triples are leased to "L3-07"');
    expect(screen.complaints).toEqual([]);
  });

  it('shows the certificate of another registry to compare, and asks for its token before it binds', async () => {
    const screen = await open({ route: 'station/registry' });
    const { page } = screen;
    await page.getByTestId('registry-url').fill('https://10.0.0.9:8443');
    await page.getByTestId('registry-fingerprint').fill('');
    await screen.click('registry-test');
    await page.getByTestId('certificate').waitFor();
    const print = await screen.text('shown-fingerprint');
    await screen.click('accept-certificate');
    await eventually(() => screen.text('registry-answer')).toContain('version 0.1.0');
    await screen.click('save');
    await eventually(() => page.getByRole('alert').first().textContent()).toContain('its own token');
    expect(await screen.calls('settings.bindRegistry')).toEqual([]);
    await page.getByTestId('registry-token').fill('token-of-10');
    await screen.click('save');
    await page.getByTestId('toast').waitFor();
    expect(await screen.calls('settings.bindRegistry')).toEqual([
      { url: 'https://10.0.0.9:8443', token: 'token-of-10', fingerprint: print },
    ]);
    // The token is gone from the page.
    expect(await page.getByTestId('registry-token').inputValue()).toBe('');
    expect(screen.complaints).toEqual([]);
  });

  it('finds the port of a slot by its cable, and opens the station again to use it', async () => {
    const screen = await open({ route: 'station/slots' });
    const { page } = screen;
    await screen.click('add-slot');
    expect(await page.getByRole('dialog').textContent()).toContain('Slot 3');
    await page.getByTestId('found-port').waitFor();
    expect(await screen.text('found-port')).toContain('usb:1-1.3');
    await screen.click('find-use');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await screen.calls('ports.assign')).toEqual([{ slot: 3, place: 'usb:1-1.3', moved: true }]);
    expect(await screen.text('needs-reopening')).toContain('opened again');
    await screen.click('reopen');
    await screen.click('reopen-go');
    await eventually(() => screen.calls('station.reopen')).toHaveLength(1);
    await page.getByTestId('reopening').waitFor();
    expect(screen.complaints).toEqual([]);
  });
});
