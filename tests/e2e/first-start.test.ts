import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SINGLE_KEY_MS } from '#shared/domain/scan/index.ts';
import { startPages } from '../kit/pages.ts';
import { simulated } from '../kit/units.ts';

const ROOT = join(import.meta.dirname, '../..');
const PRODUCT = 'GWDEMO0001';
const PIN = '864209';
const BADGE = '0004711832';
const WORDS = {
  'zh-CN': { welcome: '设置这个工位', missing: '至少 6 位', complete: '本工位可以生产了' },
  en: {
    welcome: 'Set up this station',
    missing: 'At least 6 characters',
    complete: 'this station can produce',
  },
} as const;

test.each(['zh-CN', 'en'] as const)(
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
    const words = WORDS[language];
    const click = (testId: string): Promise<void> => page.click(`[data-testid="${testId}"]`);
    const fill = (testId: string, text: string): Promise<void> =>
      page.fill(`[data-testid="${testId}"]`, text);
    const isDone = (step: string): Promise<string | null> =>
      page.getAttribute(`[data-testid="step-${step}"]`, 'data-done');
    const backToList = async (): Promise<void> => {
      await click('setup-continue');
      await page.waitForSelector('[data-testid="setup-page"]');
    };

    // Nobody is there: the page opens on the setup, and the first engineer begins.
    await page.waitForSelector('[data-testid="first-engineer"]');
    expect(await page.textContent('[data-testid="first-engineer"]')).toContain(words.welcome);
    await fill('engineer-name', '陈静');
    await fill('new-pin', '12');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.textContent('[data-testid="first-engineer"]')).toContain(words.missing);
    await fill('new-pin', PIN);
    await fill('new-pin-again', PIN);
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-testid="setup-page"]');
    expect(station.access.users()).toEqual([{ name: '陈静', role: 'engineer' }]);
    await expect.poll(() => isDone('engineer')).toBe('true');
    expect([await isDone('slots'), await isDone('triples'), await isDone('pass')]).toEqual([
      'true',
      'false',
      'false',
    ]);

    // The name, and the registry with its token.
    await click('open-name');
    await fill('station-name', 'L3-07');
    await page.keyboard.press('Enter');
    await expect.poll(() => station.name).toBe('L3-07');
    await backToList();
    await expect.poll(() => isDone('name')).toBe('true');
    await click('open-registry');
    const { http, enrolmentToken } = setup.registry.service;
    await fill('registry-url', http);
    await fill('registry-token', enrolmentToken);
    await click('registry-test');
    await page.waitForSelector('[data-testid="registry-answer"] [role="status"]');
    await page.click('[data-testid="setting-form"] [data-testid="save"]');
    await expect.poll(() => station.settings.isBound()).toBe(true);
    await backToList();
    await expect.poll(() => isDone('registry')).toBe('true');

    // Triples from the registry, then a recipe and a batch.
    await click('open-triples');
    await click('lease');
    await fill('lease-id', PRODUCT);
    await fill('lease-count', '5');
    await click('lease-go');
    await page.waitForSelector(`[data-testid="pool-${PRODUCT}"]`);
    await backToList();
    await expect.poll(() => isDone('triples')).toBe('true');
    await click('open-batch');
    await click('new-batch');
    await click('tab-text');
    const yaml = await readFile(join(ROOT, 'resources/recipes/at-wifi-module.yaml'), 'utf8');
    await fill('recipe', yaml);
    await page.waitForSelector('[data-testid="recipe-summary"]');
    await fill('quantity', '3');
    await click('create');
    await page.waitForSelector('[data-testid="batch-page"]');
    await backToList();
    await expect.poll(() => isDone('batch')).toBe('true');

    // The first unit at the line.
    await click('open-pass');
    await page.waitForSelector('[data-testid="scan-input"]');
    await page.click('[data-testid="batch-picker"] li button');
    await expect.poll(() => station.batches.selected()).not.toBeNull();
    await pages.rest(SINGLE_KEY_MS + 50);
    await pages.scan(setup.units.serialOf(1) ?? '');
    await expect.poll(() => station.database.runs.hasPassed()).toBe(true);
    await page.keyboard.press('F9');
    await page.waitForSelector('[data-testid="batches-page"]');
    await expect.poll(() => page.locator('[data-testid="setup-card"]').count()).toBe(0);
    await page.goto(`${new URL(page.url()).origin}/#/setup`);
    await expect.poll(() => page.textContent('[data-testid="setup-page"]')).toContain(words.complete);

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
    expect(trail).not.toContain(enrolmentToken);
  },
);
