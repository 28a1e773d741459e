import type { Page } from 'playwright-core';

/**
 * Types as a scanner does, into the focused element: the keys are dispatched in the page with times `gapMs` apart,
 * independent of the load of the computer. A key that no listener takes writes its character, as in a browser.
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
        const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
        Object.defineProperty(event, 'timeStamp', { value: atMs });
        const isFree = document.activeElement?.dispatchEvent(event) === true;
        if (isFree && [...key].length === 1) document.execCommand('insertText', false, key);
      }
    },
    [keys, gaps] as const,
  );
}

/** A line of a scanner: its characters, then Enter. */
export const scannedLine = (text: string): string[] => [...text, 'Enter'];
