import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SINGLE_KEY_MS } from '#shared/domain/scan/index.ts';
import { startPages } from '../kit/pages.ts';
import { simulated } from '../kit/units.ts';
import { walkToFirstPass } from './first-pass.ts';
import { partOf } from '../support/rotation.ts';

const ROOT = join(import.meta.dirname, '../..');
const PRODUCT = 'GWDEMO0001';
const PIN = '864209';
const BADGE = '0004711832';
const WORDS = {
  'zh-CN': { welcome: '设置这个工位', complete: '本工位可以生产了' },
  en: { welcome: 'Set up this station', complete: 'this station can produce' },
} as const;

test.each(partOf(['zh-CN', 'en'] as const, 1))(
  'from an empty data directory to the first PASS by pages alone, in %s',
  async (language) => {
    await using pages = await startPages({
      units: simulated(1, { timeScale: 0 }),
      unbound: true,
      locale: language,
    });
    const { page, setup } = pages;
    const { station } = setup;
    setup.registry.seed(5, PRODUCT);
    const click = (testId: string): Promise<void> => page.click(`[data-testid="${testId}"]`);
    const fill = (testId: string, text: string): Promise<void> =>
      page.fill(`[data-testid="${testId}"]`, text);
    const { http: url, enrolmentToken: token } = setup.registry.service;
    const serialNumber = setup.units.serialOf(1) ?? '';
    await page.getByTestId('first-engineer').filter({ hasText: WORDS[language].welcome }).waitFor();
    await walkToFirstPass(page, {
      engineer: { name: '陈静', pin: PIN },
      stationName: 'L3-07',
      registry: { url, token },
      productId: PRODUCT,
      recipe: await readFile(join(ROOT, 'resources/recipes/at-wifi-module.yaml'), 'utf8'),
      serialNumber,
    });
    expect(station.access.users()).toEqual([{ name: '陈静', role: 'engineer' }]);
    expect(station.name).toBe('L3-07');
    expect(station.settings.isBound()).toBe(true);
    expect(station.database.runs.hasPassed()).toBe(true);
    await page.keyboard.press('F9');
    await page.waitForSelector('[data-testid="batches-page"]');
    await expect.poll(() => page.locator('[data-testid="setup-card"]').count()).toBe(0);
    await page.goto(`${new URL(page.url()).origin}/#/setup`);
    await expect
      .poll(() => page.textContent('[data-testid="setup-page"]'))
      .toContain(WORDS[language].complete);

    // A second user with a badge, who signs in by a scan at the line.
    await click('nav-users');
    await click('add-user');
    await fill('user-name', 'Ana');
    await page.locator('[role="dialog"] [role="radio"]').nth(1).click();
    await fill('new-pin', PIN);
    await fill('new-pin-again', PIN);
    await page.keyboard.press('Enter');
    await click('acts-Ana');
    await click('menu-badge');
    await page.waitForSelector('[data-testid="badge-code"]');
    await page.keyboard.type(BADGE);
    await page.keyboard.press('Enter');
    await expect.poll(() => station.access.account('Ana').hasBadge).toBe(true);
    await click('sign-out');
    await page.waitForSelector('[data-testid="sign-in"]');
    await page.keyboard.press('F9');
    await page.waitForSelector('[data-testid="scan-input"]');
    await pages.rest(SINGLE_KEY_MS + 50);
    await pages.scan(BADGE);
    await expect.poll(() => station.access.account('Ana').signedIn).toMatchObject([{ place: 'browser' }]);

    // Nobody can begin anew, and the secret texts are nowhere in the audit trail.
    const trail = JSON.stringify([...station.database.audit.iterate()]);
    expect(trail).toContain('person.add');
    expect(trail).not.toContain(PIN);
    expect(trail).not.toContain(BADGE);
    expect(trail).not.toContain(token);
    expect(pages.problems()).toEqual([]);
  },
);
