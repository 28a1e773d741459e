import { describe, expect, it } from 'vitest';
import { type DevPage, openDevPages, type OpenOptions } from './support/dev-page.ts';
import { eventually, devPages } from './support/dev-pages.ts';
import { LONG } from '../support/depth.ts';

const tabs = devPages(openDevPages);

const open = (options?: OpenOptions): Promise<DevPage> =>
  tabs().open({ route: 'back-office', role: 'engineer', slots: 8, language: 'en', ...options });
const hash = ({ page }: DevPage): Promise<string> => page.evaluate(() => location.hash);

describe('an address', () => {
  it.each([
    ['a batch', 'batches/b-1', 'first-pass-yield', ''],
    ['a run', 'runs/run-25', 'steps', '-81 dBm'],
    ['a run by its former address', 'batches/b-1/runs/run-25', 'steps', '-81 dBm'],
    ['a unit', 'returns/SN2611200001', 'verdict', ''],
    ['a product', 'pool/HK2QX1JY7C', 'pool-HK2QX1JY7C', 'HK2QX1JY7C'],
    ['a product without triples', 'pool/NONE', 'no-triples', 'no triples of this product'],
    ['an address that does not exist', 'no/such/page', 'scan-input', ''],
  ])('opens %s', async (_, route, testId, text) => {
    const screen = await open({ route });
    await screen.page.getByTestId(testId).first().waitFor();
    expect(await screen.text(testId)).toContain(text);
    expect(screen.complaints).toEqual([]);
  });

  it('belongs to one thing: other products are not on the page of a product', async () => {
    const screen = await open({ route: 'pool' });
    const { page } = screen;
    await page.getByRole('link', { name: 'HK2QX1JY7C' }).click();
    await eventually(() => hash(screen)).toBe('#/pool/HK2QX1JY7C');
    expect(await page.locator('main h1').textContent()).toBe('HK2QX1JY7C');
    expect(await page.getByTestId(/^pool-HK/).count()).toBe(1);
    await screen.click('all-products');
    await eventually(() => hash(screen)).toBe('#/pool');
  });

  it('follows what is opened and closed, back and forward', async () => {
    const screen = await open({ route: 'batches' });
    const { page } = screen;
    await screen.click('row-b-1');
    await screen.click('run-run-25');
    await page.getByTestId('run-page').waitFor();
    expect(await hash(screen)).toBe('#/runs/run-25?batch=b-1');
    await page.goBack();
    await eventually(() => page.getByTestId('run-page').count()).toBe(0);
    expect(await hash(screen)).toBe('#/batches/b-1');
    await page.goBack();
    await page.getByTestId('batches-page').waitFor();
    await page.goForward();
    await page.getByTestId('batch-page').waitFor();
    await page.goForward();
    await page.getByTestId('run-page').waitFor();
    await screen.click('to-batch');
    await eventually(() => hash(screen)).toBe('#/batches/b-1');
    // Another batch gets a new instance of the page.
    await page.evaluate(() => (location.hash = '#/batches/b-3'));
    await eventually(() => page.locator('main h1').textContent()).toBe('WO-20261119-009');
    await eventually(async () => (await screen.calls('reports.batch')).at(-1)).toMatchObject({
      batchId: 'b-3',
    });
    expect(screen.complaints).toEqual([]);
  });

  it('names the unit that is shown, whatever it was found by, and never what was scanned', async () => {
    const screen = await open({ role: 'support', route: 'returns' });
    const { page } = screen;
    await page.getByTestId('find').fill('dev_4105');
    await page.keyboard.press('Enter');
    await page.getByTestId('verdict').waitFor();
    const serial = await hash(screen);
    expect(serial).toBe('#/returns/SN2611200005');
    await page.keyboard.type('1');
    await page.keyboard.press('Enter');
    await eventually(() => screen.calls('returns.read')).toHaveLength(1);
    await eventually(() => hash(screen)).not.toBe(serial);
    const found = (await screen.calls('returns.find')).length;
    await page.goBack();
    await eventually(() => hash(screen)).toBe(serial);
    await eventually(() => screen.calls('returns.find')).toHaveLength(found + 1);
    await screen.click('clear');
    await page.getByTestId('returns-empty').waitFor();
    expect(await hash(screen)).toBe('#/returns');
  });
});

describe('a page that was never opened', () => {
  it.runIf(LONG)(
    'stays closed while the station does not answer: its script could not be loaded',
    async () => {
      const screen = await open({ route: 'operator' });
      const { page } = screen;
      await screen.station((harness) => harness.signOut());
      await screen.station((harness) => {
        harness.connection.unreachable = true;
        harness.connection.cut();
      });
      await page.keyboard.press('F9');
      await page.getByTestId('notice-connection').waitFor();
      expect(await hash(screen)).toBe('#/');
      await screen.station((harness) => {
        harness.connection.unreachable = false;
        window.dispatchEvent(new Event('online'));
      });
      await eventually(() => page.getByTestId('notice-connection').count()).toBe(0);
      await page.keyboard.press('F9');
      await page.getByTestId('sign-in').waitFor();
    },
  );
});

describe('a page of the back office that was never opened', () => {
  it.runIf(LONG)(
    'says why it stays closed while the station does not answer, in both languages',
    async () => {
      for (const [language, words] of [
        ['en', 'this page cannot be opened'],
        ['zh-CN', '暂时打不开此页面'],
      ] as const) {
        const screen = await open({ route: 'batches', language });
        const { page } = screen;
        await page.getByTestId('batches-page').waitFor();
        await screen.station((harness) => {
          harness.connection.unreachable = true;
          harness.connection.cut();
        });
        await page.getByTestId('notice-connection').waitFor();
        await screen.click('nav-firmware');
        await eventually(() => screen.text('toast')).toContain(words);
        expect(await hash(screen)).toBe('#/batches');
      }
    },
  );
});

describe('a function key', () => {
  it('acts alone only: with Ctrl, Alt, Shift or Meta it is a key of the browser or of the system', async () => {
    const screen = await open({ route: 'batches' });
    const { page } = screen;
    const heading = (): Promise<string | null> => page.locator('main h1').textContent();
    await page.getByTestId('batches-page').waitFor();
    for (const modifier of ['Control', 'Alt', 'Shift', 'Meta'])
      for (const key of ['F6', 'F7', 'F9']) await page.keyboard.press(`${modifier}+${key}`);
    expect(await hash(screen)).toBe('#/batches');
    expect(await heading()).toBe('Batches');
    await page.keyboard.press('F6');
    await eventually(heading).toBe('批次');
    await page.keyboard.press('F9');
    await page.getByTestId('scan-input').waitFor();
  });
});

describe('a batch that does not exist', () => {
  it('is said so, without the words for an operator, and leads to the list', async () => {
    for (const [language, words] of [
      ['en', 'This batch does not exist'],
      ['zh-CN', '没有这个批次'],
    ] as const) {
      const screen = await open({ route: 'batches/nope', language });
      const { page } = screen;
      await page.getByTestId('batch-missing').waitFor();
      expect(await screen.text('batch-missing')).toContain(words);
      expect(await screen.text('batch-missing')).toContain('nope');
      expect(await page.getByRole('dialog').count()).toBe(0);
      expect(await page.getByTestId('fault').count()).toBe(0);
      await screen.click('to-batches');
      await page.getByTestId('batches-page').waitFor();
      expect(screen.complaints).toEqual([]);
    }
  });
});

describe('a page that the role may not see', () => {
  it('says so, in both languages, and leads to the first page of the role', async () => {
    for (const [language, words] of [
      ['en', 'This page is not for the role Support'],
      ['zh-CN', '“支持人员”角色不能使用此页面'],
    ] as const) {
      const screen = await open({ role: 'support', route: 'firmware', language });
      await screen.page.getByTestId('refused-page').waitFor();
      expect(await screen.text('refused-page')).toContain(words);
      expect(await screen.page.getByTestId('firmware-page').count()).toBe(0);
      // The address stays: after a sign-in as another user the page is shown.
      expect(await hash(screen)).toBe('#/firmware');
      await screen.click('to-home');
      await screen.page.getByTestId('returns').waitFor();
      expect(screen.complaints).toEqual([]);
    }
  });

  it('is there after the right user has signed in', async () => {
    const screen = await open({ role: 'support', route: 'firmware' });
    const { page } = screen;
    await screen.click('sign-out');
    await page.getByTestId('who').waitFor();
    await screen.click('user-陈静');
    await page.getByTestId('pin').fill('246800');
    await page.keyboard.press('Enter');
    await page.getByTestId('firmware-page').waitFor();
  });
});

describe('a page of the back office', () => {
  it.runIf(LONG)(
    'opens from a link to a unit, in a window of its own, and on paper without what can be pressed',
    async () => {
      const screen = await tabs().open({ role: 'support', route: 'unit/SN2611200003', language: 'en' });
      const { page } = screen;
      await page.getByTestId('report').waitFor();
      expect(page.url()).toContain('#/returns/SN2611200003');
      expect(await page.getByTestId('own-window').getAttribute('href')).toBe('#/returns/SN2611200003');
      expect(await page.getByTestId('own-window').getAttribute('target')).toBe('_blank');
      await page.emulateMedia({ media: 'print' });
      expect(await page.getByTestId('nav-returns').isVisible()).toBe(false);
      expect(await page.getByTestId('write-off').isVisible()).toBe(false);
      expect(await page.getByTestId('timeline').isVisible()).toBe(true);
      await page.emulateMedia({ media: null });
      expect(screen.complaints).toEqual([]);
    },
  );
});
