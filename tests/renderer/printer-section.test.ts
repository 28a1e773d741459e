import { describe, expect, it } from 'vitest';
import { openDevPages } from './support/dev-page.ts';
import { devPages, eventually } from './support/dev-pages.ts';

const tabs = devPages(openDevPages);
const open = () => tabs().open({ role: 'engineer', route: 'station/printer', language: 'en' });

describe('the label printer on the station page', () => {
  it('says what the printer reports and what to look at, and prints a test label', async () => {
    const screen = await open();
    const { page } = screen;
    await page.getByTestId('printer-state').waitFor();
    expect(await page.getByTestId('printer-state').getAttribute('data-condition')).toBe('stopped');
    expect(await screen.text('printer-state')).toContain('Put in a roll of labels');
    expect(await screen.text('printer-state')).toContain('1 label is in the printer');
    await screen.click('printer-test');
    await page.getByTestId('printer-fault').waitFor();
    expect(await screen.text('printer-fault')).toContain('does not print');
    await screen.click('printer-test');
    await eventually(() => screen.text('printer-state')).toContain('The label was printed.');
    expect(screen.complaints).toEqual([]);
  });

  it('is reached by an address or by a port of the computer, and is asked anew when it is another', async () => {
    const screen = await open();
    const { page } = screen;
    const host = page.getByTestId('printer-host');
    expect(await host.inputValue()).toBe('192.168.1.50');
    await host.fill('');
    await page.getByTestId('printer-widthMm').fill('500');
    await screen.click('save');
    await eventually(() => page.getByTestId('setting-form').textContent()).toContain('Type the address');
    expect(await page.getByTestId('setting-form').textContent()).toContain('Type 10 to 250.');
    // The field says it, and not the browser in its own language.
    await host.fill('fe80::1');
    await page.getByTestId('printer-port').fill('99999');
    await screen.click('save');
    await eventually(() => page.getByTestId('setting-form').textContent()).toContain('from 1 to 65535.');
    expect(await screen.calls('printer.set')).toEqual([]);
    await page.getByTestId('printer-port').fill('9100');
    await page.getByTestId('printer-widthMm').fill('60');
    await screen.click('save');
    await page.getByTestId('toast').waitFor();
    const common = { language: 'zpl', dpi: 203, widthMm: 60, heightMm: 30, gapMm: 2, baudRate: 9600 };
    expect(await screen.calls('printer.set')).toEqual([
      { setting: { place: 'tcp://[fe80::1]:9100', ...common } },
    ]);
    await eventually(() => screen.calls('printer.state')).toHaveLength(2);
    await page.getByRole('radio', { name: 'No label printer' }).click();
    await screen.click('save');
    await page.getByTestId('printer-state').waitFor({ state: 'detached' });
    expect((await screen.calls('printer.set')).at(-1)).toEqual({ setting: null });
    expect(screen.complaints).toEqual([]);
  });
});
