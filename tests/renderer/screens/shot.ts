import type { Browser, Page } from 'playwright-core';
import type { SceneName } from '../../../renderer/dev/scenes.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { type OpenOptions, queryOf } from '../support/dev-page.ts';

/** One picture: a scene of the mock station, and what is done before it is taken. */
export interface Shot extends OpenOptions {
  readonly name: string;
  readonly scene: SceneName;
  readonly slots: number;
  readonly size: readonly [width: number, height: number];
  readonly language: 'zh-CN' | 'en';
  readonly theme: 'light' | 'dark';
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
    const { scene, slots, role, variant } = shot;
    const query = queryOf({ scene, slots, ...(role && { role }), ...(variant && { variant }) });
    await page.goto(`${url}?${query}#/${shot.route ?? 'operator'}`);
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
