import { describe, expect, it } from 'vitest';
import { type DevPage, openDevPages, type OpenOptions } from './support/dev-page.ts';
import { eventually, devPages } from './support/dev-pages.ts';
import { LONG } from '../support/depth.ts';

const tabs = devPages(openDevPages);

const open = (options?: OpenOptions): Promise<DevPage> =>
  tabs().open({ route: 'back-office', slots: 8, language: 'en', ...options });

describe('firmware', () => {
  it('is dropped, sent by id, imported with progress, and told why not', async () => {
    const screen = await open({ role: 'engineer', route: 'firmware' });
    const { page } = screen;
    await page.getByTestId('import-product').fill('HK2QX1JY7C');
    await page.evaluate(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['firmware'], 'plug.bin.ota'));
      transfer.items.add(new File(['{}'], 'ota_cfg.json'));
      const drop = document.querySelector('[data-testid="drop"]');
      drop?.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: transfer }));
    });
    await eventually(() => screen.calls('firmware.import')).toEqual([
      { fileIds: ['drop-1', 'drop-2'], productId: 'HK2QX1JY7C' },
    ]);
    expect(await screen.station(({ files }) => files.sent.map(({ name }) => name))).toEqual([
      'plug.bin.ota',
      'ota_cfg.json',
    ]);
    await eventually(() => page.getByTestId('job-import').getAttribute('data-state')).toBe('running');
    await screen.station((harness) =>
      harness.job({
        jobId: 'job-1',
        kind: 'import',
        state: 'failed',
        fault: {
          code: 'firmware-invalid',
          message: 'plug.zip contains 2 *.bin.ota',
          hint: 'Leave exactly one.',
          details: {},
        },
      }),
    );
    await eventually(() => screen.text('job-import')).toContain('plug.zip contains 2 *.bin.ota');
    expect(screen.complaints).toEqual([]);
  });

  it('is described where it did not say what it is, uploaded, cancelled, and put online after a question', async () => {
    const screen = await open({ role: 'engineer', route: 'firmware' });
    const { page } = screen;
    await screen.click('describe');
    await eventually(() => page.getByTestId('unmapped').count()).toBe(3);
    expect(await page.getByTestId('config').textContent()).toContain('"minBattery": 30');
    await page.getByTestId('describe-product').fill('HK2QX1JY7C');
    await page.getByTestId('describe-version').fill('2.0.0');
    await screen.click('describe-send');
    await eventually(() => page.getByTestId('describe-form').count()).toBe(0);
    await page.keyboard.press('Escape');

    await page
      .getByTestId(/^firmware-c4/)
      .getByTestId('upload')
      .click();
    // A cancel that does not reach the station is no cancel.
    await screen.station((harness) => void (harness.connection.silent = true));
    await page.getByTestId('notice-connection').waitFor();
    await screen.click('cancel-job');
    await eventually(() => page.getByTestId('fault').getAttribute('data-code')).toBe('disconnected');
    await screen.station((harness) => void (harness.connection.silent = false));
    await page.getByTestId('notice-connection').waitFor({ state: 'detached' });
    await screen.click('cancel-job');
    await eventually(() => page.getByTestId('job-upload').count()).toBe(0);

    const online = page.getByTestId(/^firmware-27/);
    await online.getByTestId('switch').click();
    expect(await screen.text('online-will')).toContain('may not download version 1.4.1');
    expect(await screen.calls('firmware.setOnline')).toEqual([]);
    await screen.click('online-go');
    await eventually(() => online.getAttribute('data-state')).toBe('offline');
    expect(screen.complaints).toEqual([]);
  });
});

describe('the outbox', () => {
  it('shows why messages were parked, sends one and then all again, and shows the check of the ledger', async () => {
    const screen = await open({ role: 'support', route: 'sync', scene: 'parked' });
    const { page } = screen;
    await eventually(() => screen.text('parked')).toContain('This identity is bound to another unit');
    await screen.click('retry-parked:1');
    await eventually(() => page.getByTestId('parked').locator('tbody tr').count()).toBe(2);
    expect(await screen.calls('sync.retry')).toEqual([{ key: 'parked:1' }]);
    await screen.click('retry-all');
    await eventually(() => page.getByTestId('parked').locator('tbody tr').count()).toBe(0);
    expect(await screen.calls('sync.retryAll')).toEqual([{}]);
    expect(await screen.text('audit-verdict')).toContain(
      'Ledger check passed: 811 identities, no duplicates.',
    );
    expect(await screen.text('health')).toContain('84.3 GB free');
  });
});

describe('a message that was sent again', () => {
  it('is sent once by two clicks, and a toast says that the registry refused it again', async () => {
    const screen = await open({ role: 'support', route: 'sync', scene: 'parked' });
    const { page } = screen;
    const again = page.getByTestId('retry-parked:1');
    await again.waitFor();
    await screen.station(({ station }) => {
      const first = {
        key: 'parked:1',
        kind: 'run.finished',
        orderKey: 'A1',
        unitId: null,
        createdAtMs: 1,
        reason: 'bad-input: no',
        refusedAtMs: 1,
        setAside: null,
      };
      const refusedAtMs = (): number => (station.inputsOf('sync.retry').length === 0 ? 1 : 2);
      station.answer({
        'sync.messages': ({ list }) => ({
          messages: list === 'parked' ? [{ ...first, refusedAtMs: refusedAtMs() }] : [],
          next: null,
        }),
        'sync.fates': () => ({
          fates: [{ key: 'parked:1', list: 'parked', refusedAtMs: refusedAtMs() }],
        }),
        'sync.retry': () => station.state('sync'),
      });
      station.publish('sync', { ...station.state('sync'), pending: 0, parked: 1 });
    });
    await eventually(() => screen.text('parked')).toContain('A1');
    await again.evaluate((button: HTMLButtonElement) => {
      button.click();
      button.click();
    });
    await eventually(() => screen.text('toast')).toContain('The registry refused 1 message again.');
    expect(await screen.calls('sync.retry')).toEqual([{ key: 'parked:1' }]);
    await eventually(() => again.isDisabled()).toBe(false);
    expect(screen.complaints).toEqual([]);
  });

  it('after it was set aside, is sent after a question only, and asks for no person before', async () => {
    for (const [language, words] of [
      ['en', /Set aside: a sample of the lab \(Wang\)/],
      ['zh-CN', /搁置原因：a sample of the lab \(Wang\)/],
    ] as const) {
      const screen = await open({ role: 'support', route: 'sync', scene: 'set-aside', language });
      const { page } = screen;
      await eventually(() => screen.text('set-aside')).toMatch(words);
      await eventually(() => page.getByTestId('parked').locator('tbody tr').count()).toBe(1);
      expect(await page.getByTestId('set-aside').locator('tbody tr').count()).toBe(2);
      await screen.click('retry-set-aside:1');
      await page.getByRole('alertdialog').waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('alertdialog').waitFor({ state: 'detached' });
      expect(await screen.calls('sync.retrySetAside')).toEqual([]);
      await screen.click('retry-set-aside:1');
      await screen.click('undo-set-aside');
      await eventually(() => page.getByTestId('set-aside').locator('tbody tr').count()).toBe(1);
      expect(await screen.calls('sync.retrySetAside')).toEqual([{ key: 'set-aside:1' }]);
      expect(await screen.calls('sync.retry')).toEqual([]);
      expect(screen.complaints).toEqual([]);
    }
  });
});

describe('an attempt to reach the registry', () => {
  it('that failed is forgotten when the registry answers again, and one under way keeps the button busy', async () => {
    const screen = await open({ role: 'support', route: 'sync', scene: 'offline' });
    const { page } = screen;
    await screen.station(({ station }) =>
      station.answer({ 'sync.drain': () => Promise.reject(new Error('a defect of the fixture')) }),
    );
    await screen.click('drain');
    await page.getByTestId('fault').waitFor();
    await screen.station(({ station }) =>
      station.publish('sync', { ...station.state('sync'), connection: 'online', sending: true }),
    );
    await page.getByTestId('fault').waitFor({ state: 'detached' });
    await eventually(() => page.getByTestId('drain').getAttribute('aria-busy')).toBe('true');
    await screen.station(({ station }) =>
      station.publish('sync', { ...station.state('sync'), sending: false }),
    );
    await eventually(() => page.getByTestId('drain').getAttribute('aria-busy')).toBe(null);
  });
});

describe('every page of the back office', () => {
  const ASKING = ['batches/b-1', 'sync'] as const;

  it.runIf(LONG)(
    'shows that it waits for the station, and a refusal with its reason and a retry button',
    async () => {
      for (const language of ['en', 'zh-CN'] as const) {
        for (const route of ASKING) {
          const waits = await open({ role: 'engineer', route, language, variant: 'no-answers' });
          await waits.page.getByTestId('loading').first().waitFor();
          const refused = await open({ role: 'engineer', route, language, variant: 'faults' });
          const { page } = refused;
          await eventually(() => page.getByTestId('fault').first().getAttribute('data-code')).toBe(
            'disk-full',
          );
          expect(await page.getByTestId('loading').count()).toBe(0);
          const name = route === 'sync' ? 'sync.messages' : 'reports.batch';
          const before = (await refused.calls(name)).length;
          await page.getByTestId('again').first().focus();
          await page.keyboard.press('Enter');
          await eventually(async () => (await refused.calls(name)).length).toBe(before + 1);
        }
      }
    },
  );

  it('keeps its width with long names', async () => {
    const screen = await open({ role: 'engineer', scene: 'long-names', slots: 16, route: 'batches' });
    const { page } = screen;
    for (const route of ['batches', 'batches/b-1', 'returns', 'sync']) {
      await page.evaluate((hash) => (location.hash = `#/${hash}`), route);
      await page.locator('main h1').waitFor();
      const wide = await page.locator('main').evaluate((main) => main.scrollWidth - main.clientWidth);
      expect(wide, route).toBeLessThanOrEqual(0);
    }
  });

  it('warns of what will keep units from passing, and says how long disk and pool last', async () => {
    const batch = await open({ role: 'engineer', scene: 'drifting', route: 'batches/b-1' });
    await eventually(() => batch.text('yield-warnings')).toMatch(/vcc is drifting.*rssi varies too much/);
    const pool = await open({ role: 'engineer', scene: 'pool-soon', route: 'sync' });
    await eventually(() => pool.text('audit')).toContain('206 used an hour, enough for about 48 min');
    const disk = await open({ role: 'engineer', scene: 'disk-low', route: 'sync' });
    await eventually(() => disk.text('health')).toContain('full in about 42 min');
  });

  it.runIf(LONG)('speaks the language of the screen, changed at once, and fits its width', async () => {
    const screen = await open({ role: 'engineer', scene: 'parked', language: 'zh-CN' });
    const { page } = screen;
    for (const route of ['batches', 'batches/b-1', 'returns', 'firmware', 'sync']) {
      await page.evaluate((hash) => (location.hash = `#/${hash}`), route);
      await page.locator('main h1').waitFor();
      expect(await page.locator('main h1').textContent(), route).not.toBe('');
      for (const language of ['en', 'zh-CN']) {
        await page.keyboard.press('F6');
        await eventually(() => page.locator('html').getAttribute('lang')).toBe(language);
        const wide = await page.locator('main').evaluate((main) => main.scrollWidth - main.clientWidth);
        expect(wide, `${route} in ${language}`).toBeLessThanOrEqual(0);
        if (language === 'en')
          expect(await page.locator('main p, main th, main button').allTextContents(), route).not.toContain(
            expect.stringMatching(/\p{Script=Han}/u),
          );
      }
    }
    expect(screen.complaints).toEqual([]);
  });
});
