import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

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
  // A camera with a moving picture, without a question to the user.
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
];
/** Without a graphics card, an animated spinner costs more than the rest of the page. */
const WITHOUT_MOTION = '--force-prefers-reduced-motion';

/** A headless browser with its own profile: Playwright's if installed, else the system's. */
export function launchBrowser(options: { readonly motion: boolean }): Promise<Browser> {
  const args = options.motion ? FLAGS : [...FLAGS, WITHOUT_MOTION];
  return chromium.launch({ executablePath: browserPath(), args });
}

/** The program of that browser. */
export function browserPath(): string {
  const paths = [chromium.executablePath(), ...SYSTEM_BROWSERS.map((name) => `/usr/bin/${name}`)];
  const found = paths.find((path) => path !== '' && existsSync(path));
  if (found === undefined)
    throw new Error('no Chromium was found; install the package "chromium-headless-shell" or "chromium"');
  return found;
}
