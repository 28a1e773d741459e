import { describe, expect, it } from 'vitest';
import { openDevPages } from './support/dev-page.ts';
import { devPages, eventually } from './support/dev-pages.ts';

const tabs = devPages(openDevPages);
const open = (section: string) =>
  tabs().open({ role: 'engineer', route: `station/${section}`, language: 'en' });

describe('the Wi-Fi networks on the station page', () => {
  it('are added, changed without their password, and removed after a question', async () => {
    const screen = await open('networks');
    const { page } = screen;
    await screen.click('add-network');
    const dialog = page.getByRole('dialog');
    await page.getByTestId('network-name').fill('line');
    await page.getByTestId('network-ssid').fill('产线三号产线三号产线三号');
    await page.getByTestId('network-password').fill('short');
    await screen.click('network-save');
    await eventually(() => dialog.textContent()).toContain('There is a network of this name already');
    expect(await dialog.textContent()).toContain('Type 1 to 32 bytes');
    expect(await dialog.textContent()).toContain('Type 8 to 63 ASCII characters');
    expect(await screen.calls('networks.set')).toEqual([]);
    await page.getByTestId('network-name').fill('line-2');
    await page.getByTestId('network-ssid').fill('产线三号');
    await page.getByTestId('network-password').fill('long-enough');
    await screen.click('network-save');
    await dialog.waitFor({ state: 'detached' });
    expect(await screen.calls('networks.set')).toEqual([
      { name: 'line-2', ssid: '产线三号', password: 'long-enough' },
    ]);
    await screen.click('edit-network-line');
    await page.getByTestId('network-ssid').fill('Line 4');
    await screen.click('network-save');
    await dialog.waitFor({ state: 'detached' });
    expect((await screen.calls('networks.set')).at(-1)).toEqual({
      name: 'line',
      ssid: 'Line 4',
      password: null,
    });
    await screen.click('remove-network-guest');
    await screen.click('remove-network-go');
    await page.getByTestId('edit-network-guest').waitFor({ state: 'detached' });
    expect(await screen.calls('networks.remove')).toEqual([{ name: 'guest' }]);
    expect(screen.complaints).toEqual([]);
  });
});

describe('the Bluetooth quotas on the station page', () => {
  it('are added for a product that has none, and removed after a question', async () => {
    const screen = await open('quotas');
    const { page } = screen;
    await screen.click('add-quota');
    const dialog = page.getByRole('dialog');
    await page.getByTestId('quota-product').fill('GWBLE00001');
    await page.getByTestId('quota-others').fill('1.5');
    await screen.click('quota-save');
    await eventually(() => dialog.textContent()).toContain('This product has a quota already');
    expect(await dialog.textContent()).toContain('Type a whole number; it may be negative');
    expect(await screen.calls('quotas.set')).toEqual([]);
    await page.getByTestId('quota-product').fill('GWBLE00002');
    await page.getByTestId('quota-others').fill('-2');
    await screen.click('quota-save');
    await dialog.waitFor({ state: 'detached' });
    expect(await screen.calls('quotas.set')).toEqual([
      { productId: 'GWBLE00002', kind: 'free', limit: 10, untilMs: null, others: -2 },
    ]);
    await screen.click('remove-quota-GWBLE00001');
    await screen.click('remove-quota-go');
    await page.getByTestId('edit-quota-GWBLE00001').waitFor({ state: 'detached' });
    expect(await screen.calls('quotas.remove')).toEqual([{ productId: 'GWBLE00001' }]);
    expect(screen.complaints).toEqual([]);
  });
});
