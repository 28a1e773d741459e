import { it } from 'vitest';
import { openDevPages } from './support/dev-page.ts';
import { devPages, eventually } from './support/dev-pages.ts';

const tabs = devPages(openDevPages);

/** A step with two limits after many others, so that the tree of the phases is long. */
const LONG = `${'- { verb: identify }\n'.repeat(20)}- { verb: at-command, send: AT, expect: OK, measure: [{ name: size, limits: { min: 1, max: 4 } }] }`;

it('shows the fields of a step whole beside the text, on the smallest screen', async () => {
  const { page } = await tabs().open({ role: 'engineer', route: 'recipes/drafts/d-1', language: 'en' });
  await page.getByTestId('recipe-editor').locator('.cm-content').press('Control+End');
  // The line of the end is empty; each line typed gets the indent of the one before.
  await page.keyboard.insertText(
    LONG.split('\n')
      .map((line) => `      ${line}`)
      .join('\n'),
  );
  const fields = page.getByTestId('step-fields');
  const placesOf = (): Promise<{ inputs: number; whole: number }> =>
    fields.evaluate((box) => {
      const { top, bottom } = box.getBoundingClientRect();
      const inputs = [...box.querySelectorAll('input')].map((input) => input.getBoundingClientRect());
      const whole = inputs.filter((one) => one.top >= top && one.bottom <= bottom);
      return { inputs: inputs.length, whole: whole.length };
    });
  await eventually(() => placesOf()).toEqual({ inputs: 2, whole: 2 });
  await page.setViewportSize({ width: 800, height: 800 });
  await eventually(() => placesOf()).toEqual({ inputs: 2, whole: 2 });
});
