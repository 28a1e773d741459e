import type { Page } from 'playwright-core';
import './press-key.ts';

/**
 * Types as a scanner does, into the focused element: the keys are dispatched in the page with times `gapMs` apart,
 * independent of the load of the computer. The page needs `addPressKey`.
 */
export async function scanKeys(
  page: Page,
  keys: readonly string[],
  gapMs: number | readonly number[] = 5,
): Promise<void> {
  const gaps = keys.map((_, at) => (typeof gapMs === 'number' ? gapMs : (gapMs[at] ?? 5)));
  // The first key is not pressed before this call, so that a rest of the scanner before it keeps its length.
  await page.waitForTimeout(gaps.reduce((sum, gap) => sum + gap, 0));
  await page.evaluate(
    ([typed, gapsMs]) => {
      let atMs = performance.now() - gapsMs.reduce((sum, gap) => sum + gap, 0);
      for (const [at, key] of typed.entries()) {
        atMs += gapsMs[at] ?? 0;
        pressKey(key, atMs);
      }
    },
    [keys, gaps] as const,
  );
}

/** A line of a scanner: its characters, then Enter. */
export const scannedLine = (text: string): string[] => [...text, 'Enter'];
