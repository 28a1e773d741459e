import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { PATIENCE_MS } from '../support/patience.ts';

/** The first needs about 40 % less processor time than the others. */
const SYSTEM_BROWSERS = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'];
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Without a graphics card, an animated spinner costs more than the rest of the page.
  '--force-prefers-reduced-motion',
];

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
  const browser = await chromium.launch({ executablePath: browserPath(), args: FLAGS });
  return browser.on('context', (context) => context.setDefaultTimeout(PATIENCE_MS));
}

/** The program of that browser. */
export function browserPath(): string {
  const paths = [chromium.executablePath(), ...SYSTEM_BROWSERS.map((name) => `/usr/bin/${name}`)];
  const found = paths.find((path) => path !== '' && existsSync(path));
  if (found === undefined)
    throw new Error('no Chromium was found; install the package "chromium-headless-shell" or "chromium"');
  return found;
}
