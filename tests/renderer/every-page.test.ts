import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { LONG } from '../support/depth.ts';
import { addAxe, COLOUR_RULES, OWN_COLOURS, SIZE_RULES, violations } from './support/axe.ts';
import { type DevPage, openDevPages, SCREEN } from './support/dev-page.ts';
import { eventually, devPages } from './support/dev-pages.ts';
import { forcedColourProblems } from './support/forced-colour-problems.ts';
import { PAGE_STATES, type PageState } from './support/page-states.ts';
import { sidewaysProblems } from './support/sideways-problems.ts';

/** The stated sizes; 640×400 is 1280×800 at a zoom of 200 %, 320×256 is 1280×1024 at 400 % (WCAG 1.4.10). */
const SIZES = [[320, 256], [360, 640], [640, 400], [800, 600], [1024, 768], [3840, 2160], SCREEN] as const;
const THEMES = ['light', 'dark'] as const;

const tabs = devPages(openDevPages);

async function open({ name: _, act, dialog: __, ...options }: PageState): Promise<DevPage> {
  const screen = await tabs().open(options);
  await act?.(screen.page);
  return screen;
}

const isOnBody = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.activeElement === null || document.activeElement === document.body);
const nextFrame = (page: Page): Promise<number> =>
  page.evaluate(() => new Promise<number>(requestAnimationFrame));

/**
 * What axe and the layout find in one language: in both themes, with more contrast, with the colours of the system, and at
 * every size. What a rule says of names and structure cannot depend on the colours, and what it says of colours cannot
 * depend on the language: `npm test` runs all rules in one theme for each language, the rules of colours with more
 * contrast in that theme, and the rules of sizes where elements are closest. `npm test -- --long` runs all rules in the
 * whole product.
 */
async function problemsIn(page: Page, language: 'zh-CN' | 'en'): Promise<string[]> {
  const problems: string[] = [];
  const look = async (how: string, rules?: readonly string[]): Promise<void> => {
    await nextFrame(page);
    const found = await violations(page, { rules: LONG ? undefined : rules });
    problems.push(...found.map((problem) => `${language}, ${how}: ${problem}`));
  };
  for (const theme of LONG ? THEMES : ([language === 'en' ? 'dark' : 'light'] as const)) {
    await page.emulateMedia({ colorScheme: theme });
    await look(theme);
    await page.emulateMedia({ contrast: 'more' });
    await look(`${theme}, more contrast`, COLOUR_RULES);
    await page.emulateMedia({ contrast: 'no-preference', forcedColors: 'active' });
    await nextFrame(page);
    const found = [
      ...(await page.evaluate(forcedColourProblems)),
      ...(await violations(page, { rules: COLOUR_RULES, within: OWN_COLOURS })),
    ];
    problems.push(...found.map((problem) => `${theme}, colours of the system: ${problem}`));
    await page.emulateMedia({ forcedColors: 'none' });
    for (const [width, height] of SIZES) {
      await page.setViewportSize({ width, height });
      if (LONG || (language === 'en' && width === 640)) await look(`${theme} at ${width}`, SIZE_RULES);
      const sideways = await page.evaluate(sidewaysProblems);
      problems.push(...sideways.map((problem) => `${language} at ${width}: ${problem}`));
    }
  }
  return problems;
}

/** Everything that is wrong with one state of a page. */
async function problemsOf(state: PageState): Promise<string[]> {
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

  await addAxe(page);
  const problems = await problemsIn(page, 'zh-CN');
  await page.keyboard.press('F6');
  await eventually(() => page.locator('html').getAttribute('lang')).toBe('en');
  problems.push(...(await problemsIn(page, 'en')));
  await page.emulateMedia({ colorScheme: 'light' });

  if (state.dialog === true) {
    await page.keyboard.press('Escape');
    await page.locator('.ui-dialog').waitFor({ state: 'detached' });
    await eventually(() => isOnBody(page)).toBe(false);
  }
  return [...problems, ...screen.complaints];
}

describe.each(Object.entries(PAGE_STATES))('%s', (_, states) => {
  it.each(states.map((state) => [state.name, state] as const))(
    '%s: has a title and a heading, fits every screen, and has no fault that axe finds',
    async (__, state) => {
      expect(await problemsOf(state)).toEqual([]);
    },
  );
});
