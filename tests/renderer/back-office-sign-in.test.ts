import { describe, expect, it } from 'vitest';
import { SINGLE_KEY_MS } from '#shared/domain/scan/index.ts';
import { type DevPage, openDevPages, type OpenOptions } from './support/dev-page.ts';
import { choose } from './support/choose.ts';
import { eventually, devPages } from './support/dev-pages.ts';
import { scanKeys, scannedLine } from '../kit/scan-keys.ts';
import { LONG } from '../support/depth.ts';

const tabs = devPages(openDevPages);

const open = (options?: OpenOptions): Promise<DevPage> =>
  tabs().open({ route: 'back-office', slots: 8, language: 'en', ...options });
const navigationOf = (screen: DevPage): Promise<(string | null)[]> =>
  screen.page
    .locator('[data-testid^="nav-"]')
    .evaluateAll((links) => links.map((link) => link.getAttribute('data-testid')));

describe('signing in', () => {
  it.runIf(LONG)(
    'is a key away from the line, by arrows or by name, and leads to where the user works',
    async () => {
      const screen = await open({ route: 'operator' });
      const { page } = screen;
      await page.keyboard.press('F9');
      await page.getByTestId('who').waitFor();
      expect(await navigationOf(screen)).toEqual([]);
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      expect(await screen.text('pin-entry')).toContain('李伟');
      await page.keyboard.press('Escape');
      // As a scanned badge: the complete name takes precedence over the marked user.
      await page.keyboard.type('ana');
      await page.keyboard.press('Enter');
      await page.getByTestId('pin').waitFor();
      await page.keyboard.type('246800');
      await page.keyboard.press('Enter');
      await page.getByTestId('returns').waitFor();
      expect(await screen.text('user')).toContain('Ana');
      expect(await screen.text('role')).toBe('Support');
      // Back on the operator's page scans are received.
      await page.keyboard.press('F9');
      await page.getByTestId('scan-input').waitFor();
      // Earlier input may be the rest of a scan that the other page received.
      await page.waitForTimeout(SINGLE_KEY_MS + 50);
      await scanKeys(page, scannedLine('SN2611200042'));
      await eventually(() => screen.calls('slots.scan')).toMatchObject([{ text: 'SN2611200042' }]);
      expect(screen.complaints).toEqual([]);
    },
  );

  it('says what is wrong with a PIN, never shows it, and counts down when it is locked', async () => {
    const screen = await open();
    const { page } = screen;
    await screen.click('user-Ana');
    expect(await page.getByTestId('pin').getAttribute('type')).toBe('password');
    for (const digit of ['1', '3', '5', '7']) await screen.click(`digit-${digit}`);
    expect(await page.locator('body').innerText()).not.toContain('1357');
    await screen.click('sign-in-send');
    const message = page.getByTestId('pin-message');
    await eventually(() => message.getAttribute('data-code')).toBe('pin-wrong');
    expect(await message.textContent()).toContain('The PIN is wrong. Type it again. 4 more attempts before');
    expect(await page.getByTestId('pin').inputValue()).toBe('');
    for (let attempt = 2; attempt <= 5; attempt += 1) {
      await page.getByTestId('pin').fill('1357');
      await page.keyboard.press('Enter');
      await eventually(async () => (await screen.calls('session.signIn')).length).toBe(attempt);
    }
    // The wait begins with the fifth wrong PIN; the page does not need a sixth one to say so.
    await eventually(() => message.textContent()).toContain('Wait ');
    const secondsLeft = async (): Promise<number> =>
      Number(/Wait (\d+) s/.exec((await message.textContent()) ?? '')?.[1]);
    const atFirst = await secondsLeft();
    expect(atFirst).toBeLessThanOrEqual(30);
    expect(await page.getByTestId('pin').isEditable()).toBe(false);
    await eventually(secondsLeft).toBeLessThan(atFirst);
    // Another user can sign in at once, by keyboard.
    await page.keyboard.press('Escape');
    await page.getByTestId('who').waitFor();
  });

  it('with a PIN that is too short by now chooses a new one, twice, and is in', async () => {
    const screen = await open({});
    const { page } = screen;
    await screen.click('user-Maria Keller');
    const step = (): Promise<string | null> => page.getByTestId('pin').getAttribute('data-step');
    const type = async (pin: string): Promise<void> => {
      await page.getByTestId('pin').fill(pin);
      await page.keyboard.press('Enter');
    };
    await type('2468');
    await eventually(step).toBe('new');
    expect(await screen.text('pin-message')).toContain('too short');
    await type('86420');
    expect(await screen.text('pin-message')).toContain('At least 6');
    await type('864209');
    await eventually(step).toBe('again');
    await type('864200');
    await eventually(step).toBe('new');
    expect(await screen.text('pin-message')).toContain('not the same PIN twice');
    await type('864209');
    await type('864209');
    await page.getByTestId('user').waitFor();
    expect(await screen.calls('session.signIn')).toHaveLength(2);
  });

  it('ends when the station says so, and what may not be used is not offered', async () => {
    const screen = await open({ role: 'engineer' });
    const { page } = screen;
    await page.getByTestId('batches-page').waitFor();
    expect(await navigationOf(screen)).toEqual([
      'nav-batches',
      'nav-runs',
      'nav-recipes',
      'nav-labels',
      'nav-returns',
      'nav-pool',
      'nav-firmware',
      'nav-sync',
      'nav-verify',
      'nav-users',
      'nav-station',
    ]);
    await screen.click('nav-firmware');
    await page.getByTestId('firmware-page').waitFor();
    await screen.station((harness) => harness.signOut());
    await page.getByTestId('sign-in').waitFor();
    expect(await navigationOf(screen)).toEqual([]);

    const support = await open({ role: 'support', route: 'firmware' });
    await page.getByTestId('refused-page').waitFor();
    expect(await navigationOf(support)).toEqual([
      'nav-returns',
      'nav-batches',
      'nav-runs',
      'nav-sync',
      'nav-verify',
    ]);
    await support.click('nav-batches');
    await page.getByTestId('batches-page').waitFor();
    expect(await page.getByTestId('new-batch').count()).toBe(0);
    await support.click('sign-out');
    await page.getByTestId('sign-in').waitFor();
    expect(screen.complaints).toEqual([]);
  });

  it('of the next user begins at a page of their own, when the page that was left is none', async () => {
    const screen = await open({ role: 'engineer', route: 'firmware' });
    const { page } = screen;
    await page.getByTestId('firmware-page').waitFor();
    await screen.click('sign-out');
    await page.getByTestId('who').waitFor();
    await page.keyboard.type('ana');
    await page.keyboard.press('Enter');
    await page.getByTestId('pin').waitFor();
    await page.keyboard.type('246800');
    await page.keyboard.press('Enter');
    await page.getByTestId('returns').waitFor();
    expect(await page.getByTestId('refused-page').count()).toBe(0);
  });

  it.runIf(LONG)('ends with its toasts: the next user cannot undo what the one before did', async () => {
    const screen = await open({ role: 'engineer', route: 'batches/b-1' });
    const { page } = screen;
    await choose(page, 'batch-start', { index: 1 });
    // A toast under the pointer does not go by itself.
    await page.getByTestId('toast-action').hover();
    await screen.station((harness) => harness.signOut());
    await page.getByTestId('sign-in').waitFor();
    await eventually(() => page.getByTestId('toast').count()).toBe(0);
    expect(await screen.calls('batches.setStart')).toHaveLength(1);
  });

  it('shows the PINs of a sample line, and takes them', async () => {
    const screen = await open({ variant: 'sample-line' });
    const { page } = screen;
    await eventually(() => screen.text('user-sample-engineer')).toContain('246800');
    expect(await screen.text('sample-line')).toContain('This is the sample line');
    await screen.click('user-sample-engineer');
    expect(await screen.text('sample-pin')).toContain('246800');
    await screen.click('other-user');
    expect(await page.getByTestId('user-sample-support').textContent()).toContain('222222');
  });

  it('of nobody opens the setup: the first engineer is added, and the checklist says what is missing', async () => {
    const screen = await open({ variant: 'no-users', route: 'operator' });
    const { page } = screen;
    await page.getByTestId('first-engineer').waitFor();
    await screen.click('begin');
    expect(await page.getByTestId('first-engineer').textContent()).toContain('At least 6 characters');
    expect(await screen.calls('setup.addFirstEngineer')).toEqual([]);
    await screen.click('language-zh-CN');
    await eventually(() => page.getByTestId('first-engineer').textContent()).toContain('设置这个工位');
    await screen.click('language-en');
    await page.getByTestId('engineer-name').fill('Maria');
    await page.getByTestId('new-pin').fill('864200');
    await page.getByTestId('new-pin-again').fill('864200');
    await page.keyboard.press('Enter');
    await page.getByTestId('setup-page').waitFor();
    expect(await screen.text('user')).toContain('Maria');
    expect(await page.getByTestId('step-triples').getAttribute('data-done')).toBe('false');
    await screen.click('open-triples');
    await page.getByTestId('pool-page').waitFor();
    await screen.click('setup-continue');
    await page.getByTestId('setup-page').waitFor();

    // At another computer a sentence says where to go, and nothing can be typed.
    const far = await open({ variant: 'no-users-elsewhere' });
    await eventually(() => far.text('elsewhere')).toContain('line-pc is not set up yet');
    expect(await far.page.getByTestId('engineer-name').count()).toBe(0);
    expect(screen.complaints).toEqual([]);
  });
});
