import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { STATION_ITSELF } from '#station';
import { expect, test } from 'vitest';
import { startPages } from '../kit/pages.ts';
import { describedRecipe, parsedRecipe } from '../kit/recipes.ts';
import { scripted, type ScriptedUnit } from '../kit/units.ts';
import { tempDir } from '../support/temp-dir.ts';
import { signIn } from './sign-in.ts';

/** A recipe that measures a voltage with a lower limit. */
const recipe = (name: string, min: number): string =>
  describedRecipe(
    `- { verb: request, name: volt, text: 'V?', expect: '^V=(\\d+)$', withinMs: 60000, measure: [{ name: volt, group: 1, as: number, unit: V, limits: { min: ${min} } }] }`,
  )
    .replace('name: peer', `name: ${name}`)
    .replace('- name: test\n', '- name: test\n    title: { zh-CN: 电压, en: Voltage }\n');

test('runs of two batches: filter, address, chart, dialogue, replay, another recipe, and an export of what is shown', async () => {
  using dir = tempDir('runs');
  let volt = 7;
  const unit: ScriptedUnit = (_, send) => send(`V=${volt}\r\n`);
  await using pages = await startPages({
    units: scripted([unit, unit, unit, unit]),
    registry: 'none',
    recipe: recipe('mild', 5),
    batchName: 'mild batch',
    name: 'e2e-runs',
    config: {},
  });
  const { setup, page } = pages;
  const { station } = setup;
  const strict = station.batches.create(
    { recipe: parsedRecipe(recipe('strict', 8)), quantity: 100, name: 'strict batch' },
    STATION_ITSELF,
  );
  /** A run on each of the first slots; the unit of slot 1 is SN-001. */
  const testEach = async (batchId: string, slots: number, value: number): Promise<void> => {
    volt = value;
    for (let slot = 1; slot <= slots; slot += 1) {
      await station.startUnit({ batchId, serialNumber: `SN-00${slot}`, operator: 'Li', slot }).finished;
      station.slots.acknowledge(slot);
    }
  };
  await testEach(setup.batchId, 4, 3);
  await testEach(setup.batchId, 4, 7);
  await testEach(strict.batchId, 4, 7);
  await testEach(strict.batchId, 4, 7);
  await testEach(strict.batchId, 2, 9);
  await signIn(pages, '陈静', 'engineer');

  const at = (testId: string) => page.getByTestId(testId);
  const rows = page.locator('[data-testid="run-list"] [data-row]');
  const hash = (): Promise<string> => page.evaluate(() => location.hash);
  const shows = async (count: number): Promise<void> => {
    await expect.poll(() => at('run-list').textContent()).toContain(`${count} run`);
    await expect.poll(() => rows.count()).toBe(count);
  };

  // The filter is in the address: after a reload the list is the same, and each condition is removed alone.
  // A slash that follows a key at once belongs to a scan.
  await pages.rest(150);
  await page.keyboard.press('/');
  await page.locator('[data-testid="find-unit"]:focus').waitFor();
  await page.keyboard.type('sn-0');
  await page.keyboard.press('Enter');
  await shows(18);
  await at('filter-FAIL').click();
  await shows(12);
  await at('filter-batch').click();
  await page.getByRole('option', { name: 'strict batch' }).click();
  await shows(8);
  const address = await hash();
  expect(address).toMatch(/q=sn-0/i);
  expect(address).toContain('outcome=FAIL');
  await page.reload();
  await shows(8);
  expect(await hash()).toBe(address);
  await at('chip-batch').click();
  await shows(12);

  // Columns in another order, and exactly those rows and columns in the file.
  await at('choose-columns').click();
  await at('column-operator').click();
  await at('column-serialNumber-up').click();
  await page.keyboard.press('Escape');
  await at('export').click();
  expect(await at('export-about').textContent()).toContain('12 runs');
  const [download] = await Promise.all([page.waitForEvent('download'), at('export-start').click()]);
  await expect.poll(() => at('export-done').textContent()).toContain('12 runs');
  const path = join(dir.path, 'runs.csv');
  await download.saveAs(path);
  await page.keyboard.press('Escape');
  const heads = await page.locator('[data-testid="run-list"] th').allTextContents();
  const lines = (await readFile(path, 'utf8')).trim().split(/\r?\n/);
  expect(lines).toHaveLength(1 + 12);
  // The outcome is two columns of the file: the second says whether it is proven.
  expect(lines[0]?.split(',')).toHaveLength(heads.length + 1);
  const serials = await rows.locator('td:nth-child(2)').allTextContents();
  expect(lines.slice(1).map((line) => line.split(',')[2])).toEqual(serials);

  // A bar of the Pareto leads to the runs behind it; the first opens with its dialogue.
  await at('nav-batches').click();
  await at(`row-${strict.batchId}`).click();
  await at('pareto-bar').first().click();
  await shows(8);
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await at('run-page').waitFor();
  await expect.poll(() => at('run-page').locator('h1').textContent()).toBe('SN-004');
  expect(await at('steps').textContent()).toContain('Voltage › volt');
  await at('steps').locator('[data-step="volt"]').first().click();
  await expect.poll(() => at('dialogue').textContent()).toContain('V=7');
  expect(await at('dialogue').textContent()).not.toContain('MAC?');
  await at('whole-run').click();
  await expect.poll(() => at('dialogue').textContent()).toContain('MAC?');

  // The recording gives the same result; by the milder recipe the unit would have passed.
  await at('replay-start').click();
  await expect.poll(() => at('replay-result').getAttribute('data-same')).toBe('true');
  await at('replay-recipe').click();
  await page.getByRole('option', { name: /mild/ }).click();
  await at('judge').click();
  await expect.poll(() => at('replay-result').getAttribute('data-same')).toBe('false');
  expect(await at('replay-steps').textContent()).toMatch(/Voltage › volt.*FAIL.*PASS/s);

  // The next older run of the same filter, and back to the list.
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => at('run-page').locator('h1').textContent()).toBe('SN-003');
  await at('to-runs').click();
  await shows(8);
});
