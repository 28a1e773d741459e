import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SAMPLE_CODE } from '../../renderer/dev/fixtures/wifi-code.ts';
import { leftMsOf, stateOf } from '../../renderer/src/features/own-codes/own-code.ts';
import { LONG } from '../support/depth.ts';
import { choose } from './support/choose.ts';
import { type DevPage, openDevPages, type OpenOptions } from './support/dev-page.ts';
import { devPages, eventually } from './support/dev-pages.ts';

const tabs = devPages(openDevPages);
const open = (options: OpenOptions = {}): Promise<DevPage> =>
  tabs().open({ role: 'support', route: 'returns/code/wifi', language: 'en', ...options });
const PASSWORD = 'only-typed-8';
/** Where the pictures are kept, to look at them. */
const { GONGWEI_TEST_PICTURES: pictures } = process.env;

async function makeTyped({ page, click }: DevPage): Promise<void> {
  await choose(page, 'own-code-network', { index: 2 });
  await page.getByTestId('own-code-ssid').fill('Home');
  await page.getByTestId('own-code-password').fill(PASSWORD);
  await page.getByTestId('own-code-product').fill('PRODUCT01');
  await page.getByTestId('own-code-device').fill('dev_7');
  await click('own-code-make');
  await page.getByTestId('code-picture').waitFor();
}

it('expires by the clock of the page when the registry does not say so', () => {
  const device = { productId: 'PRODUCT01', deviceName: null };
  const times = { madeAtMs: 5, expiresAtMs: 60_005, reportedAtMs: null, refusedAtMs: null };
  const token = { ...device, ...times, tokenId: '', reportedBy: null, refusedBy: null, owner: null };
  const code = { token: { ...token, state: 'made' as const }, ssid: 'Home', picture: null, sinceMs: 1000 };
  const shownAt = (nowMs: number): unknown => {
    const leftMs = leftMsOf(code, nowMs);
    return [leftMs, stateOf(code.token, leftMs)];
  };
  expect([999, 60_999, 61_000].map(shownAt)).toEqual([
    [60_000, 'made'],
    [1, 'made'],
    [0, 'expired'],
  ]);
  expect(stateOf({ ...code.token, state: 'bound' }, 0)).toBe('bound');
});

describe("a person's own Wi-Fi code", () => {
  it('is made for a network, a unit and a time, and goes away when it is withdrawn', async () => {
    const screen = await open();
    const { page } = screen;
    await choose(page, 'own-code-network', { index: 2 });
    await screen.click('own-code-make');
    expect(await screen.text('missing')).toContain('a network name of 1 to 32 bytes');
    expect(await screen.calls('wifiCodes.make')).toEqual([]);
    await makeTyped(screen);
    expect(await screen.calls('wifiCodes.make')).toMatchObject([
      { productId: 'PRODUCT01', deviceName: 'dev_7', network: { ssid: 'Home' }, lifeMs: 600_000 },
    ]);
    const shown = await page.content();
    expect([shown.includes(PASSWORD), shown.includes(SAMPLE_CODE.text)]).toEqual([false, false]);
    expect(await screen.text('own-code-left')).toMatch(/^(10:00|9:5\d)$/);
    await screen.click('own-code-withdraw');
    await page.getByTestId('code-picture').waitFor({ state: 'detached' });
    expect(await screen.text('own-code-state')).toBe('Withdrawn');
    await screen.click('own-code-again');
    await page.getByTestId('own-code-form').waitFor();
    expect(await page.getByTestId('own-code-password').count()).toBe(0);
    expect(screen.complaints).toEqual([]);
  });

  it('shows by which unit it was reported, and then the owner', async () => {
    const screen = await open();
    const { page } = screen;
    await makeTyped(screen);
    await screen.station(({ station }) => {
      const device = { productId: 'PRODUCT01', deviceName: 'dev_7' };
      const times = {
        madeAtMs: 0,
        expiresAtMs: 600_000,
        reportedAtMs: 1,
        refusedBy: null,
        refusedAtMs: null,
      };
      const tokenId = '5b0f8d3e-52a8-4d6a-9a9e-0d9a53f3b7c1';
      const token = { ...device, ...times, tokenId, reportedBy: device };
      let asked = 0;
      station.answer({
        'wifiCodes.token': () => {
          asked += 1;
          return asked === 1
            ? { ...token, state: 'reported', owner: null }
            : { ...token, state: 'bound', owner: 'ann' };
        },
      });
    });
    await eventually(() => screen.text('own-code-about')).toContain('dev_7 is online');
    expect(await page.getByTestId('code-picture').count()).toBe(0);
    await eventually(() => screen.text('own-code-about')).toBe('dev_7 is bound to ann.');
  });

  it('is gone when the page is left, and withdrawn', async () => {
    const screen = await open({ route: 'returns' });
    const { page } = screen;
    await screen.click('to-own-code');
    await makeTyped(screen);
    await screen.click('nav-returns');
    await page.getByTestId('returns').waitFor();
    expect(await page.getByTestId('code-picture').count()).toBe(0);
    expect(await screen.calls('wifiCodes.withdraw')).toMatchObject([{ unlessReported: true }]);
    await eventually(() => page.getByTestId('toast').textContent()).toContain(
      'withdrawn: no unit had reported',
    );
    await page.goBack();
    await page.getByTestId('own-code-form').waitFor();
    expect(await page.getByTestId('code-picture').count()).toBe(0);
  });

  it('needs a registry; a network is typed where none is stored', async () => {
    const screen = await open();
    const { page } = screen;
    await screen.station(({ station }) => {
      station.answer({ 'networks.get': { networks: [] } });
      station.publish('sync', { ...station.state('sync'), connection: 'unconfigured', parked: 0 });
    });
    await page.getByTestId('own-code-no-registry').waitFor();
    await screen.station(({ station }) => {
      station.publish('sync', { ...station.state('sync'), connection: 'online' });
    });
    await page.getByTestId('own-code-no-network').waitFor();
    await page.getByTestId('own-code-ssid').waitFor();
  });

  it.runIf(LONG && pictures !== undefined).each(
    (
      [
        [1280, 800],
        [1920, 1080],
      ] as const
    ).flatMap((size) =>
      (['zh-CN', 'en'] as const).flatMap((language) =>
        (['light', 'dark'] as const).map((theme) => ({ size, language, theme })),
      ),
    ),
  )('is drawn: $size, $language, $theme', async ({ size, language, theme }) => {
    const name = join(pictures ?? '', `own-${size[0]}-${language}-${theme}`);
    const screen = await open({ size, language, theme });
    await choose(screen.page, 'own-code-network', { index: 2 });
    await screen.page.screenshot({ path: `${name}-form.png` });
    await makeTyped(screen);
    await screen.page.screenshot({ path: `${name}-shown.png` });
    await screen.click('own-code-withdraw');
    await screen.page.getByTestId('code-picture').waitFor({ state: 'detached' });
    await screen.page.screenshot({ path: `${name}-over.png` });
  });
});
