import { describe, expect, it } from 'vitest';
import { LONE_KEY_MS } from '#shared/domain/scan/index.ts';
import { type DevPage, openDevPages, type OpenOptions } from './support/dev-page.ts';
import { eventually, devPages } from './support/dev-pages.ts';
import { scanKeys, scannedLine } from '../kit/scan-keys.ts';

const tabs = devPages(openDevPages);

const open = (options?: OpenOptions): Promise<DevPage> =>
  tabs().open({ route: 'office', slots: 8, language: 'en', ...options });
const navigationOf = (office: DevPage): Promise<(string | null)[]> =>
  office.page
    .locator('[data-testid^="nav-"]')
    .evaluateAll((links) => links.map((link) => link.getAttribute('data-testid')));

describe('signing in', () => {
  it('is a key away from the line, by arrows or by name, and leads to where the person works', async () => {
    const office = await open({ route: 'operator' });
    const { page } = office;
    await page.keyboard.press('F9');
    await page.getByTestId('who').waitFor();
    expect(await navigationOf(office)).toEqual([]);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await office.text('pin-entry')).toContain('李伟');
    await page.keyboard.press('Escape');
    // As a scanned badge: the whole name wins over what the cursor is on.
    await page.keyboard.type('ana');
    await page.keyboard.press('Enter');
    await page.getByTestId('pin').waitFor();
    await page.keyboard.type('246800');
    await page.keyboard.press('Enter');
    await page.getByTestId('returns').waitFor();
    expect(await office.text('person')).toContain('Ana');
    expect(await office.text('role')).toBe('Support');
    // Back at the line nothing is in the way of the scanner.
    await page.keyboard.press('F9');
    await page.getByTestId('scan-input').waitFor();
    // What comes sooner may be the rest of a scan that the other page heard.
    await page.waitForTimeout(LONE_KEY_MS + 50);
    await scanKeys(page, scannedLine('SN2611200042'));
    await eventually(() => office.calls('slots.scan')).toMatchObject([{ text: 'SN2611200042' }]);
    expect(office.complaints).toEqual([]);
  });

  it('says what is wrong with a PIN, never shows it, and counts down when it is locked', async () => {
    const office = await open();
    const { page } = office;
    await office.click('person-Ana');
    expect(await page.getByTestId('pin').getAttribute('type')).toBe('password');
    for (const digit of ['1', '3', '5', '7']) await office.click(`digit-${digit}`);
    expect(await page.locator('body').innerText()).not.toContain('1357');
    await office.click('sign-in-send');
    const said = page.getByTestId('pin-said');
    await eventually(() => said.getAttribute('data-code')).toBe('pin-wrong');
    expect(await said.textContent()).toContain('The PIN is wrong');
    expect(await page.getByTestId('pin').inputValue()).toBe('');
    for (let attempt = 2; attempt <= 6; attempt += 1) {
      await page.getByTestId('pin').fill('1357');
      await page.keyboard.press('Enter');
      await eventually(async () => (await office.calls('session.signIn')).length).toBe(attempt);
    }
    await eventually(() => said.getAttribute('data-code')).toBe('pin-locked');
    const secondsLeft = async (): Promise<number> =>
      Number(/Wait (\d+) s/.exec((await said.textContent()) ?? '')?.[1]);
    const atFirst = await secondsLeft();
    expect(atFirst).toBeLessThanOrEqual(30);
    expect(await page.getByTestId('pin').isEditable()).toBe(false);
    await eventually(secondsLeft).toBeLessThan(atFirst);
    // Somebody else need not wait, nor touch the mouse.
    await page.keyboard.press('Escape');
    await page.getByTestId('who').waitFor();
  });

  it('with a PIN that is too short by now chooses a new one, twice, and is in', async () => {
    const office = await open({});
    const { page } = office;
    await office.click('person-Maria Keller');
    const step = (): Promise<string | null> => page.getByTestId('pin').getAttribute('data-step');
    const type = async (pin: string): Promise<void> => {
      await page.getByTestId('pin').fill(pin);
      await page.keyboard.press('Enter');
    };
    await type('2468');
    await eventually(step).toBe('new');
    expect(await office.text('pin-said')).toContain('too short');
    await type('86420');
    expect(await office.text('pin-said')).toContain('At least 6');
    await type('864209');
    await eventually(step).toBe('again');
    await type('864200');
    await eventually(step).toBe('new');
    expect(await office.text('pin-said')).toContain('not the same PIN twice');
    await type('864209');
    await type('864209');
    await page.getByTestId('person').waitFor();
    expect(await office.calls('session.signIn')).toHaveLength(2);
  });

  it('ends when the station says so, and what may not be used is not offered', async () => {
    const office = await open({ role: 'engineer' });
    const { page } = office;
    await page.getByTestId('batches-page').waitFor();
    expect(await navigationOf(office)).toEqual([
      'nav-batches',
      'nav-returns',
      'nav-pool',
      'nav-firmware',
      'nav-sync',
    ]);
    await office.click('nav-firmware');
    await page.getByTestId('firmware-page').waitFor();
    await office.station((harness) => harness.signOut());
    await page.getByTestId('sign-in').waitFor();
    expect(await navigationOf(office)).toEqual([]);

    const support = await open({ role: 'support', route: 'firmware' });
    await page.getByTestId('refused-page').waitFor();
    expect(await navigationOf(support)).toEqual(['nav-returns', 'nav-batches', 'nav-sync']);
    await support.click('nav-batches');
    await page.getByTestId('batches-page').waitFor();
    expect(await page.getByTestId('new-batch').count()).toBe(0);
    await support.click('sign-out');
    await page.getByTestId('sign-in').waitFor();
    expect(office.complaints).toEqual([]);
  });

  it('shows the PINs of a sample line, and takes them', async () => {
    const office = await open({ variant: 'sample-line' });
    const { page } = office;
    await eventually(() => office.text('person-sample-engineer')).toContain('246800');
    expect(await office.text('sample-line')).toContain('This is the sample line');
    await office.click('person-sample-engineer');
    expect(await office.text('sample-pin')).toContain('246800');
    await office.click('other-person');
    expect(await page.getByTestId('person-sample-support').textContent()).toContain('222222');
  });

  it('says how to add the first person when there is none', async () => {
    const office = await open({ variant: 'no-people' });
    await office.page.getByTestId('no-people').waitFor();
    expect(await office.text('add-command')).toBe(
      'npm --prefix /opt/gongwei run gongwei -- user add NAME --role engineer --data /srv/line-3/station',
    );
  });
});
