import type { Page } from 'playwright-core';
import type { Role } from '#shared/rpc/index.ts';
import type { TestPages } from '../kit/pages.ts';
import type { Units } from '../kit/units.ts';

const PIN = '246810';

/** Adds a user to the station and signs in as them, by keyboard, from the operator page. */
export async function signIn<U extends Units>(
  { page, setup }: TestPages<U>,
  name: string,
  role: Role,
): Promise<Page> {
  await setup.station.access.add(name, role, PIN, { role: 'engineer', user: 'e2e' });
  await typeSignIn(page, name, PIN);
  return page;
}

/** Signs in as a user of the station, by keyboard, from the operator page. */
export async function typeSignIn(page: Page, name: string, pin: string): Promise<void> {
  // Waits for the page first: it must be mounted to receive F9.
  await page.waitForSelector('[data-testid="scan-input"]');
  await page.keyboard.press('F9');
  await page.waitForSelector('[data-testid="who"]');
  await page.keyboard.type(name);
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-testid="pin"]');
  await page.keyboard.type(pin);
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-testid="user"]');
}
