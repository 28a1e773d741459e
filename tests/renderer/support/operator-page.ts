import type { Browser, Page } from 'playwright-core';
import { LINE_END_MS } from '#shared/domain/scan/index.ts';
import type { Harness } from '../../../renderer/dev/main.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { scanKeys, scannedLine } from '../../kit/scan-keys.ts';

export interface OperatorPage {
  readonly page: Page;
  /** What the browser complained about: errors, refused content, failed checks of the policy. */
  readonly complaints: string[];
  /** Runs in the page, with the scripted station at hand. */
  station<T>(work: (harness: Harness) => T): Promise<T>;
  /** Calls of the station by name, as the page made them. */
  calls(name: string): Promise<unknown[]>;
  /** What a scanner does: keys and Enter in quick succession, into what has the focus. */
  scan(text: string): Promise<void>;
  /** What a person does between a scan and a key: nothing, until the key is no part of the scan. */
  rest(): Promise<void>;
}

export interface OpenOptions {
  readonly scene?: string;
  readonly slots?: number;
  readonly wire?: 'memory' | 'port';
  readonly language?: 'zh-CN' | 'en';
}

export interface OperatorPages extends AsyncDisposable {
  /** Opens the operator page on a scripted station, as a browser that remembers nothing, and waits until it listens. */
  open(options?: OpenOptions): Promise<OperatorPage>;
}

const SCREEN = { width: 1280, height: 800 };

/** One tab per language, used again for each test: starting one costs more than any test. */
export function operatorPages(browser: Browser, url: string): OperatorPages {
  const tabs = new Map<string, Promise<{ page: Page; complaints: string[] }>>();

  async function openTab(locale: string): Promise<{ page: Page; complaints: string[] }> {
    const context = await browser.newContext({
      viewport: SCREEN,
      locale,
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    return { page, complaints };
  }

  return {
    async open({ scene = 'ready', slots = 4, wire = 'memory', language = 'zh-CN' } = {}) {
      const tab = tabs.get(language) ?? openTab(language);
      tabs.set(language, tab);
      const { page, complaints } = await tab;
      if (page.url().startsWith(url)) await page.evaluate(() => localStorage.clear());
      await page.setViewportSize(SCREEN);
      await page.goto(`${url}?scene=${scene}&slots=${slots}&wire=${wire}`);
      await page.getByTestId('scan-input').waitFor();
      complaints.length = 0;
      return {
        page,
        complaints,
        station: (work) => page.evaluate(`(${work.toString()})(window.harness)`),
        calls: (name) =>
          page.evaluate(
            `window.harness.station.calls.filter((call) => call.name === ${JSON.stringify(name)}).map((call) => call.input)`,
          ),
        scan: (text) => scanKeys(page, scannedLine(text)),
        rest: () => page.waitForTimeout(LINE_END_MS + 50),
      };
    },
    async [Symbol.asyncDispose]() {
      for (const tab of tabs.values()) await (await tab).page.context().close();
    },
  };
}
