import type { Page } from 'playwright-core';

declare global {
  /**
   * Presses a key at this time of the page's clock, ms, in the focused element. A key that no listener takes writes its
   * character, as in a browser. The time is the scanner's: a busy computer calls this later.
   */
  function pressKey(key: string, atMs: number): void;
}

/** Gives every document of the page that is loaded from now on the function `pressKey`. */
export async function addPressKey(page: Page): Promise<void> {
  await page.addInitScript(() => {
    globalThis.pressKey = (key, atMs) => {
      const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
      Object.defineProperty(event, 'timeStamp', { value: atMs });
      const isFree = document.activeElement?.dispatchEvent(event) === true;
      if (isFree && [...key].length === 1) document.execCommand('insertText', false, key);
    };
  });
}
