import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const SYSTEM_BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
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

/** A headless browser with its own profile: Playwright's if installed, else the system's. */
export function openBrowser(): Promise<Browser> {
  const installed = chromium.executablePath();
  const executablePath = [installed, ...SYSTEM_BROWSERS].find((path) => path !== '' && existsSync(path));
  if (executablePath === undefined) throw new Error('no Chromium was found; install the package "chromium"');
  return chromium.launch({ executablePath, args: FLAGS });
}
