import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { StationContract } from '#shared/contract/index.ts';
import { LINE_END_MS } from '#shared/domain/scan/index.ts';
import type { VariantName } from '../../../renderer/dev/answers/index.ts';
import type { Harness } from '../../../renderer/dev/main.ts';
import type { SceneName } from '../../../renderer/dev/scenes.ts';
import { addPressKey } from '../../kit/press-key.ts';
import { scanKeys, scannedLine } from '../../kit/scan-keys.ts';

export interface OpenOptions {
  /** The page: `operator` unless told, or one of the back office, as `batches/b-1`. */
  readonly route?: string;
  readonly scene?: SceneName;
  readonly slots?: number;
  readonly variant?: VariantName;
  /** The role of the user who has signed in already. */
  readonly role?: 'operator' | 'support' | 'engineer';
  readonly transport?: 'memory' | 'port';
  readonly language?: 'zh-CN' | 'en';
  readonly theme?: 'light' | 'dark';
  /** CSS pixels. */
  readonly size?: readonly [width: number, height: number];
  /** Loads the document, for tests of loading. Otherwise only its application and its station are new. */
  readonly load?: boolean;
}

/** A page over a mock station. */
export interface DevPage {
  readonly page: Page;
  /** The browser's errors, warnings and violations of the content security policy since the page was opened. */
  readonly complaints: string[];
  /** Runs `work` in the page; it has no access to variables of the test. */
  station<T>(work: (harness: Harness) => T): Promise<Awaited<T>>;
  /** The inputs of the calls of one name. */
  calls(name: keyof StationContract['calls']): Promise<unknown[]>;
  /** The text of the first part with this test id. */
  text(testId: string): Promise<string>;
  click(testId: string): Promise<void>;
  /** Types as a scanner does: keys and Enter in quick succession, into the focused element. */
  scan(text: string): Promise<void>;
  /** Waits until a key no longer belongs to the previous scan. */
  rest(): Promise<void>;
}

export interface DevPages extends AsyncDisposable {
  /** Opens a page without stored settings, and waits until it can be used. */
  open(options?: OpenOptions): Promise<DevPage>;
}

export const SCREEN = [1280, 800] as const;

interface Tab {
  readonly page: Page;
  readonly complaints: string[];
  /** The document has an application that can be replaced. */
  isOpen: boolean;
}

/** One tab for each language and theme, reused by all tests, because opening one is slow. */
export function openDevPages(browser: Browser, url: string): DevPages {
  const tabs = new Map<string, Promise<Tab>>();
  let opened = 0;
  return {
    async open({
      route = 'operator',
      language = 'zh-CN',
      theme = 'light',
      size = SCREEN,
      load = false,
      ...scene
    } = {}) {
      const key = `${language} ${theme}`;
      const opening = tabs.get(key) ?? openTab(browser, { locale: language, colorScheme: theme });
      tabs.set(key, opening);
      const tab = await opening;
      const { page, complaints } = tab;
      const [width, height] = size;
      await page.setViewportSize({ width, height });
      // Each address is new: the browser would not load the page for another route of the same address.
      opened += 1;
      const query = new URLSearchParams({
        ...scene,
        slots: String(scene.slots ?? 4),
        opened: String(opened),
      });
      const address = `${url}?${query.toString()}#/${route}`;
      // The bridge of a host stays with its document.
      const usesBridge = scene.transport === 'port';
      if (tab.isOpen && !load && !usesBridge) await page.evaluate(openAgain, address);
      else {
        if (page.url().startsWith(url)) await page.evaluate(() => localStorage.clear());
        await page.goto(address);
      }
      tab.isOpen = !usesBridge;
      await page
        .locator('.back-office main > *, [data-testid="scan-input"], [data-testid="codes-screen"]')
        .first()
        .waitFor();
      complaints.length = 0;
      return devPage(page, complaints);
    },
    async [Symbol.asyncDispose]() {
      for (const tab of tabs.values()) await (await tab).page.context().close();
    },
  };
}

async function openTab(browser: Browser, options: BrowserContextOptions): Promise<Tab> {
  const context = await browser.newContext({ ...options, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await addPressKey(page);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return { page, complaints, isOpen: false };
}

/** Runs in the page. */
function openAgain(address: string): void {
  localStorage.clear();
  window.openAt(address);
}

function devPage(page: Page, complaints: string[]): DevPage {
  return {
    page,
    complaints,
    station: (work) => page.evaluate(`(${work.toString()})(window.harness)`),
    calls: (name) => page.evaluate(`window.harness.station.inputsOf(${JSON.stringify(name)})`),
    text: async (testId) => (await page.getByTestId(testId).first().textContent()) ?? '',
    click: (testId) => page.getByTestId(testId).first().click(),
    scan: (text) => scanKeys(page, scannedLine(text)),
    rest: () => page.waitForTimeout(LINE_END_MS + 50),
  };
}
