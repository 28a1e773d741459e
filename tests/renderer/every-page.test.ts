import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { type DevPage, openDevPages } from './support/dev-page.ts';
import { eventually, devPages } from './support/dev-pages.ts';
import { PAGE_STATES, type PageState } from './support/page-states.ts';
import { sidewaysProblems } from './support/sideways-problems.ts';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** The stated sizes; 640×400 is 1280×800 at a zoom of 200 %. */
const SIZES = [
  [640, 400],
  [800, 600],
  [1024, 768],
  [3840, 2160],
  [1280, 800],
] as const;

const tabs = devPages(openDevPages);

async function open({ name: _, act, dialog: __, ...options }: PageState): Promise<DevPage> {
  const screen = await tabs().open(options);
  await act?.(screen.page);
  return screen;
}

/** What axe finds, as `rule: element: reason`. */
function violations(page: Page): Promise<string[]> {
  return page.evaluate(`(async () => {
    const { violations } = await axe.run(document, {
      runOnly: ${JSON.stringify(TAGS)},
      resultTypes: ['violations'],
      preload: false,
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => [id, target.join(' '), failureSummary].join(': ')));
  })()`);
}

const isOnBody = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.activeElement === null || document.activeElement === document.body);

/** Everything that is wrong with one state of a page. */
async function problemsOf(state: PageState): Promise<string[]> {
  const problems: string[] = [];
  const screen = await open(state);
  const { page } = screen;
  const heading = page.locator('main h1').first();
  await heading.waitFor({ state: 'attached' });
  if (state.route !== 'back-office') {
    await eventually(async () => {
      const shown = ((await heading.textContent()) ?? '').trim();
      const title = await page.title();
      return title.startsWith(`${shown} · `) && /-07 · Gongwei$/.test(title)
        ? 'agree'
        : `${shown} | ${title}`;
    }).toBe('agree');
  }

  // Evaluated from outside, the script needs no exception from the content security policy.
  await page.evaluate(axe.source);
  const look = async (how: string): Promise<void> => {
    problems.push(...(await violations(page)).map((problem) => `${how}: ${problem}`));
  };
  await look('zh-CN, light');
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.keyboard.press('F6');
  await eventually(() => page.locator('html').getAttribute('lang')).toBe('en');
  await look('en, dark');
  await page.emulateMedia({ colorScheme: 'light' });

  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height });
    await page.evaluate(() => new Promise(requestAnimationFrame));
    problems.push(...(await page.evaluate(sidewaysProblems)).map((problem) => `at ${width}: ${problem}`));
  }
  if (state.dialog === true) {
    await page.keyboard.press('Escape');
    await page.locator('.ui-dialog').waitFor({ state: 'detached' });
    await eventually(() => isOnBody(page)).toBe(false);
  }
  return [...problems, ...screen.complaints];
}

describe.each(Object.entries(PAGE_STATES))('%s', (_, states) => {
  it('has a title and a heading, fits every screen, and has no fault that axe finds', async () => {
    const problems: string[] = [];
    for (const state of states)
      problems.push(...(await problemsOf(state)).map((problem) => `${state.name}: ${problem}`));
    expect(problems).toEqual([]);
  });
});
