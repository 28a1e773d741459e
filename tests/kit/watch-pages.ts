import type { BrowserContext, Page } from 'playwright-core';

/** What a test of pages must not see, collected while it works. */
export interface WatchedPages {
  /** Errors of the console, uncaught exceptions, failed requests, and English sentences on Chinese pages. */
  problems(): string[];
}

/** A sentence of English has this many Latin words in a row. Names, codes and units have fewer. */
const ENGLISH = String.raw`[A-Za-z][A-Za-z'’]+(?:[ ,;:]+[A-Za-z][A-Za-z'’]*){2,}`;
/** Text that is code, or that a person or a device has written. */
const NOT_WORDS = 'code, pre, kbd, samp, script, style, textarea, .mono, .cm-editor, [translate="no"]';

/** Watches the pages of a context that are loaded from now on, and reads their texts as they change. */
export async function watchPages(context: BrowserContext): Promise<WatchedPages> {
  const problems = new Set<string>();
  const watch = (page: Page): void => {
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) problems.add(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => problems.add(`uncaught: ${error.message}`));
    page.on('crash', () => problems.add('a page crashed'));
  };
  for (const page of context.pages()) watch(page);
  context.on('page', watch);
  await context.exposeFunction('sawEnglish', (text: string) =>
    problems.add(`English on a Chinese page: ${text}`),
  );
  await context.addInitScript(
    ([english, notWords]) => {
      const sentence = new RegExp(english);
      const look = (node: Node): void => {
        if (document.documentElement.lang !== 'zh-CN') return;
        const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
        for (let at: Node | null = walker.root; at !== null; at = walker.nextNode()) {
          const text = at.nodeType === Node.TEXT_NODE ? (at.textContent ?? '') : '';
          const element = at.parentElement;
          if (element === null || !sentence.test(text) || element.closest(notWords) !== null) continue;
          if (element.checkVisibility()) sawEnglish(text.trim());
        }
      };
      new MutationObserver((records) => {
        for (const { type, target, addedNodes } of records)
          if (type === 'childList') for (const node of addedNodes) look(node);
          else look(target);
      }).observe(document, { childList: true, characterData: true, subtree: true });
    },
    [ENGLISH, NOT_WORDS] as const,
  );
  return { problems: () => [...problems] };
}

declare global {
  /** In a watched page: reports the text of an element. */
  function sawEnglish(text: string): void;
}
