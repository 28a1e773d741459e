import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { ensureBundle } from '../../scripts/lib/bundles.ts';
import { sharedBrowser } from '../kit/browser.ts';
import { startCommand } from '../kit/command-line.ts';
import { tempDir } from '../support/temp-dir.ts';
import { typeSignIn } from './sign-in.ts';

/** Three processes start one after the other. */
const UP_WITHIN_MS = 120_000;

test('a sample line becomes a real line: what is removed is said before, and data of its own is not lost', async () => {
  await ensureBundle('pages');
  using dir = tempDir('end-sample');
  const args = ['start', '--browser', '--no-open', '--slots', '1', '--data', dir.path, '--json'];
  await using start = startCommand(args);
  const { url } = await start.event('kiosk.listening', () => true, UP_WITHIN_MS);
  const browser = await sharedBrowser();
  const context = await browser.newContext({ locale: 'en-GB' });
  try {
    const page: Page = await context.newPage();
    await page.goto(String(url));
    await typeSignIn(page, 'sample-engineer', '333333');
    const click = (testId: string): Promise<void> => page.click(`[data-testid="${testId}"]`);

    // A user of its own is real data: nothing is removed.
    await click('nav-users');
    await click('add-user');
    await page.fill('[data-testid="user-name"]', 'Maria');
    await page.fill('[data-testid="new-pin"]', '8642');
    await page.fill('[data-testid="new-pin-again"]', '8642');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-testid="user-row-Maria"]');
    await click('setup-continue');
    await expect.poll(() => page.textContent('[data-testid="real-data"]')).toContain('1 user of your own');
    await click('end-sample-line');
    expect(await page.locator('[data-testid="end-sample-line-go"]').count()).toBe(0);

    await using removed = startCommand(['user', 'remove', 'Maria', '--data', dir.path, '--json']);
    expect((await removed.ended).status).toBe(0);
    await click('end-sample-line');
    await page.waitForSelector('[data-testid="end-sample-line-go"]');
    expect(await page.textContent('[role="alertdialog"]')).toMatch(/Removed: the sample station.*Stays:/s);
    await click('end-sample-line-go');

    // The same command goes on with an empty station, which is set up by its page.
    const real = await start.event('kiosk.listening', (event) => event['url'] !== url, UP_WITHIN_MS);
    expect(existsSync(join(dir.path, 'sample-line'))).toBe(false);
    await page.goto(String(real['url']));
    await page.waitForSelector('[data-testid="first-engineer"]');
    await page.fill('[data-testid="engineer-name"]', 'Maria');
    await page.fill('[data-testid="new-pin"]', '864209');
    await page.fill('[data-testid="new-pin-again"]', '864209');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-testid="setup-page"]');
  } finally {
    await context.close();
  }
  start.signal('SIGTERM');
  expect((await start.ended).status).toBe(0);

  // A later start opens the real station.
  await using again = startCommand(args);
  await again.event('kiosk.listening', () => true, UP_WITHIN_MS);
  expect(existsSync(join(dir.path, 'sample-line'))).toBe(false);
});
