import { describe, expect, it } from 'vitest';
import { choose, chosenValue } from './support/choose.ts';
import { type DevPage, openDevPages, type OpenOptions } from './support/dev-page.ts';
import { eventually, devPages } from './support/dev-pages.ts';
import { LONG } from '../support/depth.ts';

const PRODUCT = 'HK2QX1JY7C';
const SECRET = 'IyXmUW5sU/q1vnb5yzTkeQ==';

const tabs = devPages(openDevPages);

const open = (options?: OpenOptions): Promise<DevPage> =>
  tabs().open({ role: 'engineer', route: 'pool', language: 'en', ...options });

/** Drops a file on the page. */
async function drop(screen: DevPage): Promise<void> {
  await screen.page.evaluate((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], 'triples.csv', { type: 'text/csv' }));
    const area = document.querySelector('[data-testid="drop"]');
    area?.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: transfer }));
  }, `ProductId,DeviceName,DeviceSecret\n${PRODUCT},dev_6101,${SECRET}\n`);
}
const available = (screen: DevPage, product = PRODUCT): Promise<string | null> =>
  screen.page.getByTestId(`pool-${product}`).getByTestId('available').textContent();

describe('the pool of triples', () => {
  it('shows where the triples of each product are, for how long there are enough, and where to settle the rest', async () => {
    const screen = await open({ scene: 'pool-full' });
    const { page } = screen;
    const busy = page.getByTestId(`pool-${PRODUCT}`);
    await eventually(() => available(screen)).toBe('165');
    expect(await busy.textContent()).toMatch(
      /gone within the hour.*206 used an hour, enough for about 48 min/,
    );
    expect(await busy.getByTestId('state-bar').getAttribute('aria-label')).toBe(
      'Available 165, Claimed 1, Being written 3, Burned 9, Registered 812, In doubt 2, Quarantined 4, Retired 6',
    );
    expect(await available(screen, 'L9R0W2KQ1B')).toBe('5,000');
    expect(await page.getByTestId('pool-L9R0W2KQ1B').getByTestId('pool-warning').count()).toBe(0);
    expect(await busy.getByTestId('to-sync-burned').getAttribute('href')).toBe('#/sync');
    await busy.getByTestId('to-returns-in-doubt').click();
    await page.getByTestId('returns').waitFor();
    expect(screen.complaints).toEqual([]);
  });

  it('grows by a dropped file, after it was seen what the file brings', async () => {
    const screen = await open({ scene: 'pool-none' });
    const { page } = screen;
    expect(await screen.text('no-triples')).toContain('lease triples from the registry');
    await drop(screen);
    await page.getByTestId('preview').waitFor();
    expect(await screen.text('preview-good')).toBe('2,000');
    expect(await screen.text('preview-into')).toBe(`${PRODUCT}: 2,000`);
    expect(await screen.text('preview-examples')).toContain('dev_6101');
    expect(await chosenValue(page, 'column-dn')).toBe('1');
    expect(await screen.calls('triples.import')).toEqual([]);
    expect(await page.content()).not.toContain(SECRET);
    await screen.click('import-go');
    await eventually(() => screen.text('pool-notice')).toContain('2,000 triples added.');
    await eventually(() => available(screen)).toBe('2,000');
    expect(await screen.calls('triples.preview')).toEqual([{ fileId: 'drop-1' }]);
    expect(await screen.calls('triples.import')).toEqual([
      { fileId: 'drop-1', skipBad: false, neverUsed: false },
    ]);
    expect(await page.content()).not.toContain(SECRET);
    expect(screen.complaints).toEqual([]);
  });

  it('does not grow by an empty file, which is not sent', async () => {
    for (const [language, words] of [
      ['en', 'The file is empty.'],
      ['zh-CN', '文件是空的。'],
    ] as const) {
      const screen = await open({ scene: 'pool-full', language });
      const file = { name: 'triples.csv', mimeType: 'text/csv', buffer: Buffer.alloc(0) };
      await screen.page.locator('[data-testid="drop"] input[type=file]').setInputFiles(file);
      await eventually(() => screen.text('fault')).toContain(words);
      expect(await screen.text('fault')).toContain('triples.csv has no content');
      expect(await screen.station(({ files }) => files.sent.length)).toBe(0);
      expect(await screen.calls('triples.preview')).toEqual([]);
    }
  });

  it('names what is wrong line by line, and imports the rest only when that is chosen', async () => {
    for (const [language, words] of [
      [
        'en',
        /Line 3.*No DeviceName.*Line 5.*The same as line 2.*Line 17.*in the ledger already \(Registered\)/s,
      ],
      ['zh-CN', /第 3 行.*没有 DeviceName.*第 5 行.*和第 2 行重复.*第 17 行.*已经在台账里（已登记）/s],
    ] as const) {
      const screen = await open({ scene: 'pool-full', variant: 'file-with-bad-rows', language });
      const { page } = screen;
      await drop(screen);
      await eventually(() => screen.text('bad-rows')).toMatch(words);
      const go = page.getByTestId('import-go');
      await go.click();
      expect(await screen.text('missing')).toMatch(language === 'en' ? /rows with errors/ : /有错误的行/);
      expect(await screen.calls('triples.import')).toEqual([]);
      // From here by keyboard only.
      await page.getByTestId('skip-bad').focus();
      await page.keyboard.press('Space');
      await eventually(() => screen.text('missing')).toBe('');
      await go.focus();
      await page.keyboard.press('Enter');
      await eventually(() => available(screen)).toBe('398');
      expect(await screen.calls('triples.import')).toMatchObject([{ skipBad: true }]);
      expect(screen.complaints).toEqual([]);
    }
  });

  it.runIf(LONG)('asks which column is what when it cannot tell', async () => {
    const screen = await open({ scene: 'pool-full', variant: 'file-with-unknown-columns' });
    const { page } = screen;
    await drop(screen);
    expect(await page.getByTestId('columns-problem').innerText()).toBe(
      'There is no column for DeviceName, DeviceSecret. Say which it is, or check the header.',
    );
    await screen.click('import-go');
    expect(await page.getByTestId('missing').last().textContent()).toContain('which column is what');
    await choose(page, 'column-dn', '0');
    await choose(page, 'column-secret', '1');
    await page.getByTestId('import-product').fill(PRODUCT);
    await page.keyboard.press('Enter');
    await page.getByTestId('preview').waitFor();
    expect((await screen.calls('triples.preview')).at(-1)).toEqual({
      fileId: 'drop-1',
      map: { dn: '#1', secret: '#2' },
      productId: PRODUCT,
    });
    await screen.click('import-go');
    await eventually(async () => (await screen.calls('triples.import')).at(-1)).toMatchObject({
      map: { dn: '#1', secret: '#2' },
      productId: PRODUCT,
    });
    expect(screen.complaints).toEqual([]);
  });

  it.runIf(LONG)('asks for the one column that two could be, and has chosen the others', async () => {
    const screen = await open({ scene: 'pool-full', variant: 'file-with-two-names' });
    const { page } = screen;
    await drop(screen);
    expect(await page.getByTestId('columns-problem').innerText()).toBe(
      'Columns 2, 3 could each be the DeviceName. Choose one.',
    );
    expect(await chosenValue(page, 'column-secret')).toBe('3');
    expect(await page.getByTestId('import-product').count()).toBe(0);
    await choose(page, 'column-dn', '2');
    await page.getByTestId('columns-apply').click();
    await eventually(async () => (await screen.calls('triples.preview')).at(-1)).toEqual({
      fileId: 'drop-1',
      map: { dn: '#3' },
    });
    expect(screen.complaints).toEqual([]);
  });

  it('lets nothing of a file stay that was looked at and not wanted', async () => {
    const screen = await open({ scene: 'pool-full' });
    await drop(screen);
    await screen.page.getByTestId('preview').waitFor();
    await screen.page.keyboard.press('Escape');
    // Reading a file again may take minutes, so a stray key asks first.
    await screen.click('discard');
    await eventually(() => screen.calls('triples.discard')).toEqual([{ fileId: 'drop-1' }]);
    expect(await screen.calls('triples.import')).toEqual([]);
    expect(await available(screen)).toBe('165');
  });

  it.runIf(LONG)('wants somebody to vouch for a file after a restore that saw too little', async () => {
    const screen = await open({ scene: 'pool-full', variant: 'file-after-restore' });
    await drop(screen);
    await screen.page.getByTestId('preview').waitFor();
    await screen.click('import-go');
    expect(await screen.page.getByTestId('missing').last().textContent()).toContain('the promise above');
    expect(await screen.calls('triples.import')).toEqual([]);
    await screen.page.getByTestId('vouch').check();
    await screen.click('import-go');
    await eventually(() => screen.calls('triples.import')).toMatchObject([{ neverUsed: true }]);
  });

  it('takes a block from the registry and gives the unused back, after saying how many', async () => {
    const screen = await open({ scene: 'pool-none' });
    const { page } = screen;
    await screen.click('lease');
    await page.getByTestId('lease-id').fill('NEWPRODUCT');
    await page.getByTestId('lease-count').fill('9000');
    await page.keyboard.press('Enter');
    await eventually(() => page.getByTestId('fault').getAttribute('data-code')).toBe('pool-empty');
    await page.getByTestId('lease-count').fill('250');
    await page.keyboard.press('Enter');
    await eventually(() => screen.text('pool-notice')).toContain(
      '250 triples leased; 250 available now for NEWPRODUCT.',
    );
    await screen.click('give-back');
    await eventually(() => screen.text('give-back-will')).toContain('250 leased triples of NEWPRODUCT');
    expect(await screen.calls('triples.giveBack')).toEqual([]);
    await screen.click('give-back-go');
    await eventually(() => screen.text('pool-notice')).toContain('250 triples given back.');
    await eventually(() => available(screen, 'NEWPRODUCT')).toBe('0');
    expect(await screen.calls('triples.giveBack')).toEqual([{ productId: 'NEWPRODUCT' }]);
    expect(screen.complaints).toEqual([]);
  });
});
