import type { Browser, Page } from 'playwright-core';
import type { Harness } from '../../../renderer/dev/main.ts';
import { PATIENCE_MS } from '../../support/patience.ts';

export interface OfficePage {
  readonly page: Page;
  /** What the browser complained about. */
  readonly complaints: string[];
  /** Runs in the page, with the scripted station at hand. */
  station<T>(work: (harness: Harness) => T): Promise<T>;
  /** Calls of the station by name, as the page made them. */
  calls(name: string): Promise<unknown[]>;
  /** The text of the part with this test id. */
  text(testId: string): Promise<string>;
  click(testId: string): Promise<void>;
}

export interface OfficeOptions {
  /** Who has signed in already. */
  readonly role?: 'operator' | 'support' | 'engineer';
  readonly place?: string;
  readonly scene?: string;
  readonly slots?: number;
  readonly language?: 'zh-CN' | 'en';
  /** More of the harness's query, as `&nobody`. */
  readonly more?: string;
}

export interface OfficePages extends AsyncDisposable {
  open(options?: OfficeOptions): Promise<OfficePage>;
}

/** One tab for each language, used again by each test. */
export function officePages(browser: Browser, url: string): OfficePages {
  const tabs = new Map<string, Promise<{ page: Page; complaints: string[] }>>();

  async function openTab(locale: string): Promise<{ page: Page; complaints: string[] }> {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
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
    async open({ role, place = 'office', scene = 'ready', slots = 8, language = 'en', more = '' } = {}) {
      const tab = tabs.get(language) ?? openTab(language);
      tabs.set(language, tab);
      const { page, complaints } = await tab;
      const who = role === undefined ? '' : `&role=${role}`;
      // Another address, or the browser would only move to another place within the page.
      await page.goto('about:blank');
      await page.goto(`${url}?scene=${scene}&slots=${slots}${who}${more}#/${place}`);
      await page.locator('.office, [data-testid="scan-input"]').first().waitFor();
      complaints.length = 0;
      return {
        page,
        complaints,
        station: (work) => page.evaluate(`(${work.toString()})(window.harness)`),
        calls: (name) =>
          page.evaluate(
            `window.harness.station.calls.filter((call) => call.name === ${JSON.stringify(name)}).map((call) => call.input)`,
          ),
        text: async (testId) => (await page.getByTestId(testId).first().textContent()) ?? '',
        click: (testId) => page.getByTestId(testId).first().click(),
      };
    },
    async [Symbol.asyncDispose]() {
      for (const tab of tabs.values()) await (await tab).page.context().close();
    },
  };
}
