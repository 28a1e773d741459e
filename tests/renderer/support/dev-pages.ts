import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { sharedBrowser } from '../../kit/browser.ts';
import { type BuiltPages, servePages } from './built-pages.ts';

/** Polls a value of a page, with the time limit for a busy computer. Each poll costs the browser some milliseconds. */
export function eventually<T>(value: () => Promise<T>): ReturnType<typeof expect.poll<T>> {
  return expect.poll(value, { interval: 40 });
}

/** The pages of `renderer/dev/` in a browser, for all tests of a file. */
export function devPages<T extends AsyncDisposable>(make: (browser: Browser, url: string) => T): () => T {
  let pages: BuiltPages;
  let browser: Browser;
  let tabs: T;
  beforeAll(async () => {
    [pages, browser] = await Promise.all([servePages('dev-pages'), sharedBrowser()]);
    tabs = make(browser, pages.url);
  });
  afterAll(async () => {
    await tabs[Symbol.asyncDispose]();
    await pages[Symbol.asyncDispose]();
  });
  return () => tabs;
}
