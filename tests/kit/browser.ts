import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../bench/lib/browser.ts';
import { PATIENCE_MS } from '../support/patience.ts';

let shared: Promise<Browser> | undefined;

/**
 * The headless browser of this process, started at the first call. Callers close their contexts and not the browser:
 * to start one costs more than most tests of a page. It ends with this process, which holds its control pipe.
 */
export async function sharedBrowser(): Promise<Browser> {
  // A browser that did not start or crashed would fail the following files.
  const known = await shared?.catch(() => undefined);
  if (known?.isConnected() === true) return known;
  shared = openBrowser();
  return shared;
}

/** A headless browser with its own profile: Playwright's if installed, else the system's. Its pages wait for `PATIENCE_MS`. */
export async function openBrowser(): Promise<Browser> {
  const browser = await launchBrowser({ motion: false });
  return browser.on('context', (context) => context.setDefaultTimeout(PATIENCE_MS));
}
