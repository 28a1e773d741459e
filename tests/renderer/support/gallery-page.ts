import type { Browser, BrowserContext, Page } from 'playwright-core';

export interface GalleryPage {
  readonly page: Page;
  /** What the browser complained about; a refusal of its content security policy is one of these. */
  readonly complaints: string[];
  /** How often the content security policy refused something. */
  violations(): Promise<number>;
  text(testId: string): Promise<string>;
  /** The values of the form. */
  form(): Promise<Record<string, unknown>>;
}

export interface GalleryOptions {
  readonly tab?: 'form' | 'actions' | 'tables';
  readonly rows?: number;
  readonly language?: 'zh-CN' | 'en';
  readonly theme?: 'light' | 'dark';
  /** The day on which the gallery is seen, as `2026-11-29`. The page's clock stands then. */
  readonly today?: string;
}

export interface GalleryPages extends AsyncDisposable {
  open(options?: GalleryOptions): Promise<GalleryPage>;
}

/** Its clocks are changed twice a year. */
const TIME_ZONE = 'Europe/Berlin';

/**
 * The gallery of the component set under the policy of the shipped page. Those of one language and theme share a profile,
 * which is emptied.
 */
export function galleryPages(browser: Browser, url: string): GalleryPages {
  const contexts = new Map<string, Promise<BrowserContext>>();
  return {
    async open({ tab = 'form', rows = 1000, language = 'en', theme = 'light', today } = {}) {
      // A clock that stands is that of a whole profile.
      const key = [language, theme, today].join(' ');
      const opening =
        contexts.get(key) ??
        browser.newContext({
          viewport: { width: 1280, height: 800 },
          locale: language,
          colorScheme: theme,
          timezoneId: TIME_ZONE,
          reducedMotion: 'reduce',
        });
      contexts.set(key, opening);
      const context = await opening;
      for (const before of context.pages()) {
        await before.evaluate(() => localStorage.clear());
        await before.close();
      }
      const page = await context.newPage();
      if (today !== undefined) await page.clock.setFixedTime(new Date(`${today}T10:00:00Z`));
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(String(error)));
      await page.addInitScript(() => {
        Object.assign(window, { violations: 0 });
        document.addEventListener('securitypolicyviolation', () => {
          (window as unknown as { violations: number }).violations += 1;
        });
      });
      await page.goto(`${url}gallery.html?tab=${tab}&rows=${rows}`);
      await page.locator('.gallery').waitFor();
      const text = async (testId: string): Promise<string> =>
        (await page.getByTestId(testId).first().textContent()) ?? '';
      return {
        page,
        complaints,
        violations: () => page.evaluate('window.violations'),
        text,
        form: async () => JSON.parse(await text('form')) as Record<string, unknown>,
      };
    },
    async [Symbol.asyncDispose]() {
      for (const context of contexts.values()) await (await context).close();
    },
  };
}
