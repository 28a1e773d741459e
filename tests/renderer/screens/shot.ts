import type { Page } from 'playwright-core';
import type { SceneName } from '../../../renderer/dev/scenes.ts';
import { type DevPages, type OpenOptions, SCREEN } from '../support/dev-page.ts';

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

export const SMALL = SCREEN;
export const LARGE = [1920, 1080] as const;

/** Opens the page of a shot and writes its picture. */
export async function take(pages: DevPages, { name: _, act, ...options }: Shot, file: string): Promise<void> {
  const { page } = await pages.open(options);
  await act?.(page);
  for (const picture of await page.locator('.picture').all()) await picture.locator('img').waitFor();
  // Waits for animations and pending calls.
  await page.waitForTimeout(350);
  await page.screenshot({ path: file });
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
