import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const require = createRequire(import.meta.url);
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** The rules whose result the theme and the contrast can change. */
export const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];
/** The rules whose result the size of the screen can change. */
export const SIZE_RULES = ['target-size', 'scrollable-region-focusable'];
/**
 * With the colours of the system the browser replaces what the page asks for, and axe compares what was asked for. The
 * rules of colour hold for the elements that keep their own colours.
 */
export const OWN_COLOURS = '[data-appearance]';

interface Look {
  /** All of WCAG 2.2 AA and of best practice, unless told. */
  readonly rules?: readonly string[] | undefined;
  /** The elements that are looked at; the whole page, unless told. */
  readonly within?: string;
}

/** A third of the size of what `axe-core` exports as its source, and parsed in a third of the time. */
const SOURCE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Makes axe available in the document, unless it is: the browser has compiled it then. Evaluated from outside, it needs no
 * exception from the content security policy.
 */
export async function addAxe(page: Page): Promise<void> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(SOURCE);
}

/** What axe finds, as `rule: element: reason`. */
export async function violations(page: Page, { rules, within }: Look = {}): Promise<string[]> {
  const runOnly = rules === undefined ? { type: 'tag', values: TAGS } : { type: 'rule', values: rules };
  const context = within === undefined ? 'document' : JSON.stringify({ include: [within] });
  if (within !== undefined && (await page.locator(within).count()) === 0) return [];
  return page.evaluate(`(async () => {
    const { violations } = await axe.run(${context}, {
      runOnly: ${JSON.stringify(runOnly)},
      resultTypes: ['violations'],
      preload: false,
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => [id, target.join(' '), failureSummary].join(': ')));
  })()`);
}
