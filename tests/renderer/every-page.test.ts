import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { LONG } from '../support/depth.ts';
import { partOf, inTurn, TURN } from '../support/rotation.ts';
import { addAxe, COLOUR_RULES, OWN_COLOURS, SIZE_RULES, violations } from './support/axe.ts';
import { type DevPage, openDevPages, SCREEN } from './support/dev-page.ts';
import { eventually, devPages } from './support/dev-pages.ts';
import { forcedColourProblems } from './support/forced-colour-problems.ts';
import { PAGE_STATES, type PageState } from './support/page-states.ts';
import { sidewaysProblems } from './support/sideways-problems.ts';

/** The stated sizes; 640×400 is 1280×800 at a zoom of 200 %, 320×256 is 1280×1024 at 400 % (WCAG 1.4.10). */
const SIZES = [[320, 256], [360, 640], [640, 400], [800, 600], [1024, 768], [3840, 2160], SCREEN] as const;
type Size = (typeof SIZES)[number];
/** `CLOSEST`: where elements are closest to one another. */
const [NARROWEST, PHONE, CLOSEST, ...LARGER] = SIZES;
const WIDER: readonly [Size, ...Size[]] = [PHONE, ...LARGER];
const THEMES = ['light', 'dark'] as const;
type Theme = (typeof THEMES)[number];
/** In the order in which they are shown. */
const LANGUAGES = ['zh-CN', 'en'] as const;
type Language = (typeof LANGUAGES)[number];
const STATES = Object.values(PAGE_STATES).flat();

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

/** What is looked at in one language and theme. */
interface Look {
  readonly language: Language;
  readonly theme: Theme;
  /** The rules of axe; null: none. */
  readonly rules: 'all' | 'colours' | null;
  readonly moreContrast: boolean;
  /** The colours of the system replace those of the theme. */
  readonly systemColours: boolean;
  readonly sizes: readonly Size[];
  /** The one of `sizes` at which `rules` are applied; null: the size that the page has. */
  readonly rulesAt: Size | null;
  /** Where the rules of axe about sizes are applied besides. */
  readonly sizeRules: readonly Size[];
}

/**
 * What a rule says of names and structure cannot depend on the colours, and what it says of colours cannot depend on the
 * language. For each state `npm test` runs all rules once, in English where elements are closest, in Chinese on a usual screen, and
 * the rules of colours once more, in the other theme or with more contrast; it looks at the narrowest screen in both languages
 * and at some of the others. What it leaves out of a state, it looks at on a neighbour. `npm test -- --long` looks at all.
 */
function looksAt(place: number): readonly Look[] {
  const turn = place + TURN;
  const whole = { theme: inTurn(THEMES, turn), language: inTurn(LANGUAGES, Math.floor(turn / 2)) };
  const extra = inTurn(['other theme', 'more contrast', 'system colours'] as const, Math.floor(turn / 4));
  return LANGUAGES.flatMap((language) =>
    THEMES.map((theme): Look => {
      const isWhole = language === whole.language && theme === whole.theme;
      const isOther = language === whole.language && theme !== whole.theme;
      // English texts are longer, so that more of its sizes are looked at.
      const wider = language === 'en' ? [CLOSEST, inTurn(WIDER, turn)] : [];
      return {
        language,
        theme,
        rules: LONG || isWhole ? 'all' : isOther && extra === 'other theme' ? 'colours' : null,
        moreContrast: LONG || (isOther && extra === 'more contrast'),
        systemColours: LONG || (isOther && extra === 'system colours'),
        sizes: LONG ? SIZES : theme === whole.theme ? [NARROWEST, ...wider] : [],
        rulesAt: !LONG && isWhole && language === 'en' ? CLOSEST : null,
        sizeRules: LONG ? SIZES : [],
      };
    }),
  );
}

/** What axe and the layout find. */
async function problemsIn(page: Page, look: Look): Promise<string[]> {
  const { language, theme } = look;
  const problems: string[] = [];
  const note = (how: string, found: readonly string[]): void =>
    void problems.push(...found.map((problem) => `${language}, ${theme}${how}: ${problem}`));
  const applyRules = async (how: string, rules: readonly string[] | undefined): Promise<void> => {
    await nextFrame(page);
    note(how, await violations(page, { rules: LONG ? undefined : rules }));
  };
  if (look.rules === null && !look.moreContrast && !look.systemColours && look.sizes.length === 0) return [];
  await page.emulateMedia({ colorScheme: theme });
  const ruleNames = look.rules === 'all' ? undefined : COLOUR_RULES;
  if (look.rules !== null && look.rulesAt === null) await applyRules('', ruleNames);
  if (look.moreContrast) {
    await page.emulateMedia({ contrast: 'more' });
    await applyRules(', more contrast', COLOUR_RULES);
    await page.emulateMedia({ contrast: 'no-preference' });
  }
  if (look.systemColours) {
    await page.emulateMedia({ forcedColors: 'active' });
    await nextFrame(page);
    note(', colours of the system', await page.evaluate(forcedColourProblems));
    const own = await violations(page, { rules: COLOUR_RULES, within: OWN_COLOURS });
    note(', colours of the system', own);
    await page.emulateMedia({ forcedColors: 'none' });
  }
  for (const size of look.sizes) {
    const [width, height] = size;
    await page.setViewportSize({ width, height });
    if (size === look.rulesAt) await applyRules(` at ${width}`, ruleNames);
    if (look.sizeRules.includes(size)) await applyRules(` at ${width}`, SIZE_RULES);
    note(` at ${width}`, await page.evaluate(sidewaysProblems));
  }
  return problems;
}

/** Everything that is wrong with one state of a page. `place`: its place among all states. */
async function problemsOf(state: PageState, place: number): Promise<string[]> {
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
  const problems: string[] = [];
  for (const look of looksAt(place)) {
    const html = page.locator('html');
    if ((await html.getAttribute('lang')) !== look.language) await page.keyboard.press('F6');
    await eventually(() => html.getAttribute('lang')).toBe(look.language);
    problems.push(...(await problemsIn(page, look)));
  }
  await page.emulateMedia({ colorScheme: 'light' });

  if (state.dialog === true) {
    await page.keyboard.press('Escape');
    await page.locator('.ui-dialog').waitFor({ state: 'detached' });
    await eventually(() => isOnBody(page)).toBe(false);
  }
  return [...problems, ...screen.complaints];
}

describe.each(Object.entries(PAGE_STATES))('%s', (_, states) => {
  it.each(partOf(states, 1).map((state) => [state.name, state] as const))(
    '%s: has a title and a heading, fits every screen, and has no fault that axe finds',
    async (__, state) => {
      expect(await problemsOf(state, STATES.indexOf(state))).toEqual([]);
    },
  );
});
