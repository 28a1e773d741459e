import { describe, expect, it } from 'vitest';
import { type DevPage, openDevPages, type OpenOptions } from './support/dev-page.ts';
import { devPages, eventually } from './support/dev-pages.ts';

const tabs = devPages(openDevPages);
const open = (options?: OpenOptions): Promise<DevPage> =>
  tabs().open({ role: 'engineer', route: 'runs/imported', language: 'en', ...options });
const chooseFile = async ({ page }: DevPage): Promise<void> => {
  await page
    .getByTestId('foreign-file')
    .setInputFiles({ name: 'runs.csv', mimeType: 'text/csv', buffer: Buffer.from('x') });
  await page.getByTestId('foreign-columns').waitFor();
};

describe('the page of imported runs', () => {
  it('lists them apart, shows one with its steps, and imports a file after it was seen', async () => {
    const screen = await open({ route: 'runs' });
    const { page } = screen;
    await screen.click('to-foreign');
    await page.getByTestId('foreign-f-1').waitFor();
    expect(await screen.text('foreign-list')).toContain('120 runs');
    await screen.click('foreign-more');
    await page.getByTestId('foreign-f-60').waitFor();
    await page.getByTestId('foreign-f-1').click();
    await eventually(() => page.getByRole('dialog').textContent()).toMatch(
      /Vbat = 3\.31 V.*limit 3\.1 … 3\.5 V/,
    );
    await page.keyboard.press('Escape');
    await page.getByTestId('foreign-text').fill('1007');
    await eventually(() => page.getByTestId('foreign-f-1').count()).toBe(0);
    expect(await page.getByTestId('foreign-f-7').count()).toBe(1);

    await chooseFile(screen);
    await eventually(() => screen.text('foreign-good')).toBe('380');
    expect(await screen.text('foreign-doubles')).toBe('12');
    await screen.click('foreign-go');
    await eventually(() => screen.text('foreign-notice')).toContain(
      '380 runs were imported; 12 more were here already.',
    );
    expect(screen.complaints).toEqual([]);
  });

  it('asks for columns, and imports a file with errors only when they are left out knowingly', async () => {
    const screen = await open({ variant: 'foreign-file-with-unknown-columns' });
    await chooseFile(screen);
    expect(await screen.text('foreign-problem')).toContain('Say which they are');
    expect(await screen.calls('foreignRuns.import')).toEqual([]);
    await screen.page.keyboard.press('Escape');
    const bad = await open({ variant: 'foreign-file-with-errors' });
    await chooseFile(bad);
    await eventually(() => bad.text('foreign-bad-rows')).toContain('Unknown outcome: maybe');
    await bad.click('foreign-go');
    expect(await bad.calls('foreignRuns.import')).toEqual([]);
    await bad.click('foreign-skip');
    await bad.click('foreign-go');
    await eventually(() => bad.calls('foreignRuns.import')).toMatchObject([{ skipBad: true }]);
    expect(bad.complaints).toEqual([]);
  });

  it('lets support look, and not import', async () => {
    const { page } = await open({ role: 'support', variant: 'no-foreign-runs' });
    await page.getByTestId('foreign-list').waitFor();
    await eventually(() => page.getByTestId('foreign-list').textContent()).toContain(
      'No runs were imported yet',
    );
    expect(await page.getByTestId('foreign-file').count()).toBe(0);
  });
});
