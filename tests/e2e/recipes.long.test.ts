import { expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { ensureBundle } from '../../scripts/lib/bundles.ts';
import { COMMAND_LINE } from '../kit/command-line.ts';
import { startPages } from '../kit/pages.ts';
import { moduleRecipe } from '../kit/recipes.ts';
import { simulated } from '../kit/units.ts';
import { choose } from '../renderer/support/choose.ts';
import { PATIENCE_MS } from '../support/patience.ts';
import { signIn, typeSignIn } from './sign-in.ts';

const SECOND = { name: 'Wang', pin: '135790' } as const;
const RIGHT = moduleRecipe({
  steps: '  - name: test\n    steps: [{ verb: script, file: checks/hello.ts, timeoutMs: 9000 }]\n',
});
const SCRIPT = `import { defineScript } from 'gongwei/script';
export default defineScript(async ({ device, measure }) => {
  const lines = await device.at('AT');
  await measure('answers', lines.length);
});
`;

/** The lines that the pages' policy has refused so far. */
async function watchPolicy(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const refused: string[] = ((window as { refused?: string[] }).refused = []);
    document.addEventListener('securitypolicyviolation', (event) =>
      refused.push(
        `${event.violatedDirective} ${event.sourceFile}:${event.lineNumber}:${event.columnNumber} ${event.sample}`,
      ),
    );
  });
  return () => page.evaluate(() => (window as { refused?: string[] }).refused ?? []);
}

test('an engineer imports a recipe, corrects it in the editor, tries it and locks it; a second one releases it, and a batch is made', async () => {
  await ensureBundle('cli');
  await using pages = await startPages({
    units: simulated(1, { timeScale: 0 }),
    name: 'e2e-recipes',
    config: { autoSync: true, dryRunCommand: [process.execPath, COMMAND_LINE] },
  });
  const { station } = pages.setup;
  const by = { role: 'engineer', user: 'e2e' } as const;
  await station.access.add(SECOND.name, 'engineer', SECOND.pin, by);
  const page = await signIn(pages, 'Chen', 'engineer');
  const refused = await watchPolicy(page);

  // The import of a recipe with a mistake, with its script in one drop.
  await page.getByTestId('nav-recipes').click();
  const wrong = RIGHT.replace('verb: burn-triple', 'verb: burn-tripel').replace(
    'name: test-recipe',
    'name: e2e-lamp',
  );
  await page.getByTestId('recipe-files').setInputFiles([
    { name: 'lamp.yaml', mimeType: 'text/yaml', buffer: Buffer.from(wrong) },
    { name: 'hello.ts', mimeType: 'text/plain', buffer: Buffer.from(SCRIPT) },
  ]);
  await page.getByTestId('draft-page').waitFor();
  await expect.poll(() => page.getByTestId('recipe-files-card').textContent()).toContain('checks/hello.ts');

  // The mistake: by line and column, in the list, in the text, and reached from there by a click.
  const at = wrong.split('\n').findIndex((line) => line.includes('burn-tripel')) + 1;
  await expect.poll(() => page.getByTestId('draft-issues').textContent()).toContain(`line ${at}, column`);
  const editor = page.getByTestId('recipe-editor');
  await editor.locator('.cm-lintRange-error').first().waitFor();
  expect(await page.getByTestId('lock-draft').isDisabled()).toBe(true);
  await page.getByTestId('draft-issues').getByRole('button').click();
  await expect.poll(() => editor.locator('.cm-activeLine').textContent()).toContain('burn-tripel');
  // The tree of phases follows the cursor.
  await expect
    .poll(() => page.getByTestId('phase-tree').locator('[aria-current]').textContent())
    .toContain('burn-tripel');

  // Corrected with the completion of the schema, and saved by its key.
  await page.keyboard.press('End');
  for (let back = 0; back < ' }]'.length; back += 1) await page.keyboard.press('ArrowLeft');
  for (let letter = 0; letter < 'tripel'.length; letter += 1) await page.keyboard.press('Backspace');
  await page.keyboard.press('Control+Space');
  await editor.locator('.cm-tooltip-autocomplete li', { hasText: 'burn-triple' }).waitFor();
  // A completion takes no key in its first moments, so that it is not taken by accident.
  await pages.rest(150);
  await page.keyboard.press('Enter');
  await expect.poll(() => page.getByTestId('draft-status').textContent()).toContain('No mistakes');
  expect(await page.getByTestId('script-powers').textContent()).toContain('device.at');
  await page.keyboard.press('Control+s');
  await expect.poll(() => page.getByTestId('lock-draft').isDisabled()).toBe(false);
  expect(await refused()).toEqual([]);

  // The dry run: the real executor and the script against a simulated unit, which this station never sees.
  await page.getByTestId('dry-run-start').click();
  await expect
    .poll(() => page.getByTestId('dry-run-result').getAttribute('data-outcome'), { timeout: PATIENCE_MS })
    .toBe('PASS');
  expect(await page.getByTestId('dry-run-result').textContent()).toContain('burn-triple');
  await page.getByTestId('dry-run-dialogue').click();
  await expect.poll(() => page.getByTestId('dry-run-said').textContent()).toContain('AT+');
  expect(station.database.outbox.listPending(10)).toEqual([]);

  // The page saves by itself after the last key, and undone text as well.
  const isStored = (text: string): boolean =>
    station.database.recipeDrafts.list().some(({ source }) => source.includes(text));
  await editor.locator('.cm-content').press('Control+End');
  await page.keyboard.type('# more');
  await expect.poll(() => isStored('# more'), { timeout: PATIENCE_MS }).toBe(true);
  await page.keyboard.press('Control+z');
  await expect.poll(() => isStored('# more'), { timeout: PATIENCE_MS }).toBe(false);
  await expect.poll(() => page.getByTestId('lock-draft').isDisabled()).toBe(false);

  // The lock says what it covers; its author cannot release it alone.
  await page.getByTestId('lock-draft').click();
  expect(await page.getByTestId('lock-cover').textContent()).toContain('checks/hello.ts');
  await page.getByTestId('lock-go').click();
  await page.getByTestId('version-page').waitFor();
  await page.getByTestId('release').click();
  await page.getByTestId('release-approver').fill('Chen');
  await page.getByTestId('release-pin').fill('246810');
  await page.getByTestId('release-go').click();
  await expect.poll(() => page.getByTestId('fault').getAttribute('data-code')).toBe('approver-refused');
  await page.keyboard.press('Escape');
  const address = page.url();

  // The second person releases it in their own session.
  await page.getByTestId('sign-out').click();
  await page.getByTestId('who').waitFor();
  await page.goto(`${new URL(address).origin}/#/`);
  await typeSignIn(page, SECOND.name, SECOND.pin);
  await page.evaluate((hash) => (location.hash = hash), new URL(address).hash);
  const refusedToSecond = await watchPolicy(page);
  await page.getByTestId('release').click();
  await page.getByTestId('release-go').click();
  await expect.poll(() => page.getByTestId('version-history').textContent()).toContain('Wang released it');

  // The next version beside it: the changed line on both sides.
  await page.getByTestId('copy-version').click();
  await page.getByTestId('draft-page').waitFor();
  const next = page.getByTestId('recipe-editor').locator('.cm-content');
  // A whole text that is typed over, and brought back.
  await next.press('Control+a');
  await page.keyboard.type('x');
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  for (let back = 0; back < '0.0'.length; back += 1) await page.keyboard.press('Backspace');
  await page.keyboard.type('1.0');
  await page.keyboard.press('Control+s');
  await expect.poll(() => page.getByTestId('lock-draft').isDisabled()).toBe(false);
  await page.getByTestId('lock-draft').click();
  await page.getByTestId('lock-go').click();
  await page.getByTestId('version-page').waitFor();
  await page.getByTestId('compare-with').click();
  await page.getByRole('option').first().click();
  const changed = page.getByTestId('recipe-diff').locator('.cm-changedLine');
  await expect.poll(() => changed.allTextContents()).toEqual(['version: 1.0.0', 'version: 1.1.0']);
  expect(await refusedToSecond()).toEqual([]);

  // A production batch of the released one.
  await page.getByTestId('nav-batches').click();
  await page.getByTestId('new-batch').click();
  const version = station.database.recipeVersions.list().find(({ releasedBy }) => releasedBy === 'Wang');
  await choose(page, 'batch-recipe', version?.hash ?? '');
  await page.getByTestId('quantity').fill('12');
  await page.getByTestId('batch-title').fill('lamps');
  await page.getByTestId('create').click();
  await page.getByTestId('batch-page').waitFor();
  const batch = station.batches.state().batches.find(({ name }) => name === 'lamps');
  expect(batch?.recipe).toMatchObject({ name: 'e2e-lamp', hash: version?.hash, locked: true });
  expect(version).toMatchObject({ lockedBy: 'Chen', releasedBy: 'Wang' });
});
