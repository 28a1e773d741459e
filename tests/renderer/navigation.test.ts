import { describe, expect, it } from 'vitest';
import { type OfficeOptions, type OfficePage, officePages } from './support/office-page.ts';
import { eventually, scriptedPages } from './support/scripted-pages.ts';

const tabs = scriptedPages(officePages);

const open = (options?: OfficeOptions): Promise<OfficePage> => tabs().open({ role: 'engineer', ...options });
const hash = ({ page }: OfficePage): Promise<string> => page.evaluate(() => location.hash);
const focused = ({ page }: OfficePage): Promise<string | null> =>
  page.evaluate(() => document.activeElement?.getAttribute('data-testid') ?? null);

describe('an address', () => {
  it.each([
    ['a batch', 'batches/b-1', 'first-pass-yield', ''],
    ['a run', 'batches/b-1/runs/run-25', 'run-drawer', '-81 dBm'],
    ['a unit', 'returns/SN2611200001', 'verdict', ''],
    ['a product', 'pool/HK2QX1JY7C', 'pool-HK2QX1JY7C', 'HK2QX1JY7C'],
    ['a product without triples', 'pool/NONE', 'no-triples', 'no triples of this product'],
    ['an address that does not exist', 'no/such/page', 'scan-input', ''],
  ])('opens %s', async (_, place, testId, text) => {
    const office = await open({ place });
    await office.page.getByTestId(testId).first().waitFor();
    expect(await office.text(testId)).toContain(text);
    expect(office.complaints).toEqual([]);
  });

  it('belongs to one thing: other products are not on the page of a product', async () => {
    const office = await open({ place: 'pool' });
    const { page } = office;
    await page.getByRole('link', { name: 'HK2QX1JY7C' }).click();
    await eventually(() => hash(office)).toBe('#/pool/HK2QX1JY7C');
    expect(await page.locator('main h1').textContent()).toBe('HK2QX1JY7C');
    expect(await page.getByTestId(/^pool-HK/).count()).toBe(1);
    await office.click('all-products');
    await eventually(() => hash(office)).toBe('#/pool');
  });

  it('follows what is opened and closed, back and forward', async () => {
    const office = await open({ place: 'batches' });
    const { page } = office;
    await office.click('row-b-1');
    await office.click('run-run-25');
    await page.getByTestId('run-drawer').waitFor();
    expect(await hash(office)).toBe('#/batches/b-1/runs/run-25');
    await page.goBack();
    await eventually(() => page.getByTestId('run-drawer').count()).toBe(0);
    expect(await hash(office)).toBe('#/batches/b-1');
    await page.goBack();
    await page.getByTestId('batches-page').waitFor();
    await page.goForward();
    await page.getByTestId('batch-page').waitFor();
    await page.goForward();
    await page.getByTestId('run-drawer').waitFor();
    await page.keyboard.press('Escape');
    await eventually(() => hash(office)).toBe('#/batches/b-1');
    // Another batch is another page, which begins anew.
    await page.evaluate(() => (location.hash = '#/batches/b-3'));
    await eventually(() => page.locator('main h1').textContent()).toBe('WO-20261119-009');
    await eventually(async () => (await office.calls('reports.batch')).at(-1)).toMatchObject({
      batchId: 'b-3',
    });
    expect(office.complaints).toEqual([]);
  });

  it('names the unit that is shown, whatever it was found by, and never what was scanned', async () => {
    const office = await open({ role: 'support', place: 'returns' });
    const { page } = office;
    await page.getByTestId('find').fill('dev_4105');
    await page.keyboard.press('Enter');
    await page.getByTestId('verdict').waitFor();
    const serial = await hash(office);
    expect(serial).toBe('#/returns/SN2611200005');
    await page.keyboard.type('1');
    await page.keyboard.press('Enter');
    await eventually(() => office.calls('returns.read')).toHaveLength(1);
    await eventually(() => hash(office)).not.toBe(serial);
    const found = (await office.calls('returns.find')).length;
    await page.goBack();
    await eventually(() => hash(office)).toBe(serial);
    await eventually(() => office.calls('returns.find')).toHaveLength(found + 1);
    await office.click('clear');
    await page.getByTestId('returns-empty').waitFor();
    expect(await hash(office)).toBe('#/returns');
  });
});

describe('a page that was never opened', () => {
  it('stays closed while the station does not answer: its script could not be loaded', async () => {
    const office = await open({ place: 'operator' });
    const { page } = office;
    await office.station(({ station }) => station.office.signOut());
    await office.station((harness) => {
      harness.unreachable = true;
      harness.cut();
    });
    await page.keyboard.press('F9');
    await page.getByTestId('notice-connection').waitFor();
    expect(await hash(office)).toBe('#/');
    await office.station((harness) => {
      harness.unreachable = false;
      window.dispatchEvent(new Event('online'));
    });
    await eventually(() => page.getByTestId('notice-connection').count()).toBe(0);
    await page.keyboard.press('F9');
    await page.getByTestId('sign-in').waitFor();
  });
});

describe('a page that the role may not see', () => {
  it('says so, in both languages, and leads to the first page of the role', async () => {
    for (const [language, words] of [
      ['en', 'This page is not for the role Support'],
      ['zh-CN', '“支持人员”角色不能使用此页面'],
    ] as const) {
      const office = await open({ role: 'support', place: 'firmware', language });
      await office.page.getByTestId('refused-page').waitFor();
      expect(await office.text('refused-page')).toContain(words);
      expect(await office.page.getByTestId('firmware-page').count()).toBe(0);
      // The address stays: after signing in as somebody else the page is there.
      expect(await hash(office)).toBe('#/firmware');
      await office.click('to-home');
      await office.page.getByTestId('returns').waitFor();
      expect(office.complaints).toEqual([]);
    }
  });

  it('is there after the right person has signed in', async () => {
    const office = await open({ role: 'support', place: 'firmware' });
    const { page } = office;
    await office.click('sign-out');
    await page.getByTestId('who').waitFor();
    await office.click('person-陈静');
    await page.getByTestId('pin').fill('246800');
    await page.keyboard.press('Enter');
    await page.getByTestId('firmware-page').waitFor();
  });
});

describe('input that is not saved', () => {
  async function withRecipe(): Promise<OfficePage> {
    const office = await open({ place: 'returns' });
    await office.page.getByTestId('returns').waitFor();
    await office.click('nav-batches');
    await office.click('new-batch');
    await office.page.getByTestId('recipe').fill('gongwei: recipe/1\n');
    return office;
  }

  it('is asked about before a key leaves the page, and stays when the answer is no', async () => {
    const office = await withRecipe();
    const { page } = office;
    await page.keyboard.press('F9');
    await page.getByTestId('unsaved').waitFor();
    // The first focus is on the answer that loses nothing.
    expect(await focused(office)).not.toBe('discard');
    await page.keyboard.press('Escape');
    await eventually(() => page.getByTestId('unsaved').count()).toBe(0);
    expect(await page.getByTestId('recipe').inputValue()).toBe('gongwei: recipe/1\n');
    expect(await hash(office)).toBe('#/batches');
    await page.keyboard.press('F9');
    await office.click('discard');
    await page.getByTestId('scan-input').waitFor();
    expect(office.complaints).toEqual([]);
  });

  it('is asked about before the browser goes back', async () => {
    const office = await withRecipe();
    const { page } = office;
    await page.evaluate(() => history.back());
    await page.getByTestId('unsaved').waitFor();
    await page.keyboard.press('Escape');
    await eventually(() => hash(office)).toBe('#/batches');
    await page.evaluate(() => history.back());
    await office.click('discard');
    await page.getByTestId('returns').waitFor();
    expect(await hash(office)).toBe('#/returns');
  });

  it('is not asked about when nothing was typed, when it was saved, or when the session ends', async () => {
    const office = await open({ place: 'batches' });
    const { page } = office;
    await office.click('new-batch');
    await page.keyboard.press('F9');
    await page.getByTestId('scan-input').waitFor();

    const saved = await withRecipe();
    await saved.page.getByTestId('quantity').fill('5');
    await saved.click('create');
    await saved.page.getByTestId('batch-page').waitFor();

    const ended = await withRecipe();
    await ended.station(({ station }) => station.office.signOut());
    await ended.page.getByTestId('sign-in').waitFor();
    expect(await ended.page.getByTestId('unsaved').count()).toBe(0);
  });
});
