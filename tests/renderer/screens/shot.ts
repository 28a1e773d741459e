import type { Browser, Page } from 'playwright-core';
import { PATIENCE_MS } from '../../support/patience.ts';

/** One picture: a scene of the scripted station, and what is done before it is taken. */
export interface Shot {
  readonly name: string;
  readonly scene: string;
  readonly slots: number;
  readonly size: readonly [width: number, height: number];
  readonly language: 'zh-CN' | 'en';
  readonly theme: 'light' | 'dark';
  /** Behind the line: who has signed in, and where. */
  readonly role?: 'support' | 'engineer';
  readonly place?: string;
  /** More of the harness's query. */
  readonly more?: string;
  readonly act?: (page: Page) => Promise<void>;
}

export const SMALL = [1280, 800] as const;
export const LARGE = [1920, 1080] as const;

export async function take(browser: Browser, url: string, shot: Shot, file: string): Promise<void> {
  const [width, height] = shot.size;
  const context = await browser.newContext({
    viewport: { width, height },
    locale: shot.language,
    colorScheme: shot.theme,
    reducedMotion: 'reduce',
  });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const role = shot.role === undefined ? '' : `&role=${shot.role}`;
    const place = shot.place ?? 'operator';
    await page.goto(`${url}?scene=${shot.scene}&slots=${shot.slots}${role}${shot.more ?? ''}#/${place}`);
    await page.locator('.office main > *, [data-testid="scan-input"]').first().waitFor();
    await shot.act?.(page);
    for (const picture of await page.locator('.picture').all()) await picture.locator('img').waitFor();
    await page.waitForTimeout(350);
    await page.screenshot({ path: file });
  } finally {
    await context.close();
  }
}

/** The same state in Chinese by day and in English by night; the large screen for the latter when told. */
export function bothWays(
  shot: Omit<Shot, 'size' | 'language' | 'theme'> & { readonly large?: boolean },
): Shot[] {
  const { large = false, ...rest } = shot;
  return [
    { ...rest, size: SMALL, language: 'zh-CN', theme: 'light' },
    { ...rest, size: large ? LARGE : SMALL, language: 'en', theme: 'dark' },
  ];
}
