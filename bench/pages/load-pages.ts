import type { BrowserContext, Page } from 'playwright-core';
import { launchBrowser } from '../lib/browser.ts';
import { BENCH_PIN, BENCH_USER } from './bench-user.ts';

/** How long a page took until its content was there, and the work of the browser for it; both in milliseconds. */
export interface PageLoad {
  readonly page: string;
  readonly ms: number;
  readonly workMs: number;
}

const ROUNDS = 3;

/** The yield of the batch at work in the header of the operator page. */
const OPERATOR = '[data-testid="first-pass"]';

/** A page by its address, and what is there when its content is. */
const PAGES = [
  { page: 'operator', address: '#/', content: OPERATOR },
  { page: 'runs', address: '#/runs', content: '[data-testid="run-list"] [data-row="0"]' },
  {
    page: 'batches',
    address: '#/batches',
    content: '[data-testid="batch-list"] [data-row="0"], [data-row="0"]',
  },
  { page: 'batch', address: '#/batches/', content: '[data-testid="yield-curve"]' },
] as const;

/**
 * Loads pages of a kiosk in a real browser, each anew: the first time with an empty cache, then as after a reload. Of the
 * rounds the quickest counts, because all other work of the computer only adds to it.
 */
export async function loadPages(url: string, batchId: string): Promise<PageLoad[]> {
  const browser = await launchBrowser({ motion: false });
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
    context.setDefaultTimeout(600_000);
    const first = await loadOnce(context, url, PAGES[0].content);
    const base = await signIn(context, new URL(url).origin);
    const loads: PageLoad[] = [{ page: 'operator, empty cache', ...first }];
    for (const { page, address, content } of PAGES) {
      const rounds: Omit<PageLoad, 'page'>[] = [];
      const target = `${base}/${address}${page === 'batch' ? batchId : ''}`;
      for (let round = 0; round < ROUNDS; round += 1) rounds.push(await loadOnce(context, target, content));
      const [best] = rounds.sort((a, b) => a.ms - b.ms);
      if (best !== undefined) loads.push({ page, ...best });
    }
    return loads;
  } finally {
    await browser.close();
  }
}

async function loadOnce(
  context: BrowserContext,
  url: string,
  content: string,
): Promise<Omit<PageLoad, 'page'>> {
  const page = await context.newPage();
  const metrics = await context.newCDPSession(page);
  // The time of the processor, which other work of the computer does not add to.
  await metrics.send('Performance.enable', { timeDomain: 'threadTicks' });
  const began = performance.now();
  await page.goto(url);
  await page.locator(content).first().waitFor();
  const ms = performance.now() - began;
  const { metrics: all } = await metrics.send('Performance.getMetrics');
  const work = all.find(({ name }) => name === 'TaskDuration')?.value ?? 0;
  await page.close();
  return { ms, workMs: work * 1000 };
}

/** Signs in, so that the pages of the office can be opened; returns the address of the pages. */
async function signIn(context: BrowserContext, origin: string): Promise<string> {
  const page: Page = await context.newPage();
  await page.goto(origin);
  await page.locator(OPERATOR).waitFor();
  await page.keyboard.press('F9');
  await page.locator('[data-testid="who"]').waitFor();
  await page.keyboard.type(BENCH_USER);
  await page.keyboard.press('Enter');
  await page.locator('[data-testid="pin"]').waitFor();
  await page.keyboard.type(BENCH_PIN);
  await page.keyboard.press('Enter');
  await page.locator('[data-testid="user"]').waitFor();
  return origin;
}
