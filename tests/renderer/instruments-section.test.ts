import { describe, expect, it } from 'vitest';
import { openDevPages } from './support/dev-page.ts';
import { devPages, eventually } from './support/dev-pages.ts';

const tabs = devPages(openDevPages);
const open = () => tabs().open({ role: 'engineer', route: 'station/instruments', language: 'en' });

describe('the instruments on the station page', () => {
  it('are asked what they are', async () => {
    const screen = await open();
    const { page } = screen;
    await screen.click('test-psu');
    await page.getByTestId('instrument-answer').waitFor();
    expect(await screen.text('instrument-answer')).toContain('psu: Keysight Technologies,E36312A');
    await screen.click('test-dmm');
    await page.getByTestId('instrument-fault').waitFor();
    expect(await screen.text('instrument-fault')).toContain('cannot be reached');
    expect(screen.complaints).toEqual([]);
  });

  it('are added, changed and removed; what cannot be right is said at its field', async () => {
    const screen = await open();
    const { page } = screen;
    await screen.click('add-instrument');
    const dialog = page.getByRole('dialog');
    await page.getByTestId('instrument-name').fill('psu');
    await page.getByTestId('instrument-address').fill('tcp://10.0.0.9');
    await screen.click('instrument-save');
    await eventually(() => dialog.textContent()).toContain('has an instrument of this name already');
    expect(await dialog.textContent()).toContain('Type tcp://host:port');
    expect(await screen.calls('instruments.set')).toEqual([]);
    await page.getByTestId('instrument-slot').fill('2');
    await page.getByTestId('instrument-address').fill('/dev/ttyUSB4');
    await page.getByTestId('instrument-baud').fill('115200');
    await page.getByTestId('instrument-release').fill('OUTP OFF');
    await screen.click('instrument-save');
    await page.getByTestId('toast').waitFor();
    const [added] = (await screen.calls('instruments.set')) as { instruments: object[] }[];
    expect(added?.instruments).toHaveLength(3);
    expect(added?.instruments.at(-1)).toMatchObject({
      name: 'psu',
      slot: 2,
      address: '/dev/ttyUSB4',
      baudRate: 115_200,
      onRelease: 'OUTP OFF',
    });
    await screen.click('remove-dmm');
    await screen.click('remove-instrument-go');
    await page.getByTestId('test-dmm').waitFor({ state: 'detached' });
    expect(screen.complaints).toEqual([]);
  });
});
