import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { SINGLE_KEY_MS } from '#shared/domain/scan/index.ts';
import { makePackage } from '#simulator';
import { ensureBundle } from '../../scripts/lib/bundles.ts';
import { COMMAND_LINE } from '../kit/command-line.ts';
import { invoke } from '../kit/in-process.ts';
import { startPages } from '../kit/pages.ts';
import { moduleRecipe } from '../kit/recipes.ts';
import { PRODUCT } from '../kit/sample-rows.ts';
import { TEST_PIN } from '../kit/station.ts';
import { simulated } from '../kit/units.ts';
import { choose } from '../renderer/support/choose.ts';
import { PATIENCE_MS } from '../support/patience.ts';
import { tempDir } from '../support/temp-dir.ts';
import { typeSignIn } from './sign-in.ts';

const LIMIT_LINE =
  'measure: [{ name: adc, group: 1, as: number, unit: mV, limits: { min: 700, max: 8300 } }]';
/** Behind the limit on that line. */
const BEHIND = ' } }]';
const RECIPE = moduleRecipe({
  steps: `  - name: test
    title: { zh-CN: 测试, en: Test }
    steps:
      - verb: at-command
        name: supply
        title: { zh-CN: 供电电压, en: Supply }
        send: AT+SYSADC?
        expect: 'SYSADC:\\s*(\\d+)'
        ${LIMIT_LINE}
  - name: online
    title: { zh-CN: 上云验证, en: Prove online }
    steps: [{ verb: prove-online, timeoutMs: 60000, confirm: registry }]
`,
});

/** Puts the cursor behind the upper limit, erases letters there and types others, by keyboard. */
async function editLimit(page: Page, erased: number, typed: string): Promise<void> {
  const line = RECIPE.split('\n').findIndex((text) => text.includes(LIMIT_LINE));
  await page.getByTestId('recipe-editor').locator('.cm-content').press('Control+Home');
  for (let down = 0; down < line; down += 1) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  for (let back = 0; back < BEHIND.length; back += 1) await page.keyboard.press('ArrowLeft');
  for (let letter = 0; letter < erased; letter += 1) await page.keyboard.press('Backspace');
  await page.keyboard.type(typed);
  await page.keyboard.press('Control+s');
  await expect.poll(() => page.getByTestId('lock-draft').isDisabled()).toBe(false);
}

/** The rows of a CSV file as Python's csv module reads them. */
function readCsv(path: string): string[][] {
  const script = `import csv, json, sys
print(json.dumps(list(csv.reader(open(sys.argv[1], encoding='utf-8-sig', newline='')))))`;
  return JSON.parse(
    execFileSync('python3', ['-X', 'utf8', '-c', script, path], { encoding: 'utf8' }),
  ) as string[][];
}

test('the week of an engineer by pages alone: triples, firmware, a recipe, its release, a batch, and a limit in question', async () => {
  await ensureBundle('cli');
  using dir = tempDir('week');
  await using pages = await startPages({
    locale: 'zh-CN',
    units: simulated(4, {
      timeScale: 0,
      faults: {
        units: {
          3: [{ fault: 'drift', value: 'adc', by: 40 }],
          4: [{ fault: 'drift', value: 'adc', by: 60 }],
        },
      },
    }),
    users: { 陈静: 'engineer', 王磊: 'engineer' },
    recipe: moduleRecipe(),
    batchName: '上周',
    triples: 8,
    lease: 0,
    name: 'L3-07',
    config: { autoSync: true, dryRunCommand: [process.execPath, COMMAND_LINE] },
  });
  const { setup, page } = pages;
  const { station } = setup;
  const at = (testId: string) => page.getByTestId(testId);
  const line = async (): Promise<void> => {
    await at('sign-out').click();
    await at('who').waitFor();
    await page.keyboard.press('F9');
    await at('scan-input').waitFor();
  };

  // Monday: a list with two columns of names and a row that is there twice. The columns are mapped, the row is left out.
  await typeSignIn(page, '陈静', TEST_PIN);
  await at('nav-pool').click();
  const names = [...setup.registry.secrets.keys()];
  const rows = [...names, names[2] ?? ''].map((name, n) => [
    setup.registry.secrets.get(name),
    `灯${n}`,
    name,
  ]);
  const list = [['DeviceSecret', 'DeviceName', 'DeviceName'], ...rows]
    .map((row) => row.join(','))
    .join('\r\n');
  await at('triples-file').setInputFiles({
    name: '三元组.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(`\uFEFF${list}`),
  });
  await at('columns-problem').waitFor();
  await choose(page, 'column-dn', '2');
  await at('import-product').fill(PRODUCT);
  await at('columns-apply').click();
  await at('preview').waitFor();
  await expect.poll(() => at('bad-rows').textContent()).toContain('10');
  await at('skip-bad').click();
  await at('import-go').click();
  await expect.poll(() => at(`pool-${PRODUCT}`).getByTestId('available').textContent()).toBe('8');

  // Tuesday: a firmware package to the registry, offered to the devices.
  const sample = await makePackage(join(dir.path, 'sample.zip'), { bodyBytes: 100_000 });
  await at('nav-firmware').click();
  await at('import-product').fill(PRODUCT);
  await at('import-version').fill('1.0.0');
  await at('firmware-file').setInputFiles(sample.path);
  const firmware = page.getByTestId(`firmware-${sample.sha256.slice(0, 8)}`);
  await firmware.getByTestId('upload').click();
  await expect.poll(() => firmware.getAttribute('data-state')).toBe('offline');
  await firmware.getByTestId('switch').click();
  await at('online-go').click();
  await expect.poll(() => firmware.getAttribute('data-state')).toBe('online');

  // Wednesday: a recipe with a digit too many is corrected in the editor, tried and locked; a second engineer releases it.
  await at('nav-recipes').click();
  await at('recipe-files').setInputFiles({
    name: 'lamp.yaml',
    mimeType: 'text/yaml',
    buffer: Buffer.from(RECIPE),
  });
  await at('draft-page').waitFor();
  await editLimit(page, 1, '');
  await at('dry-run-start').click();
  await expect
    .poll(() => at('dry-run-result').getAttribute('data-outcome'), { timeout: PATIENCE_MS })
    .toBe('PASS');
  await at('lock-draft').click();
  await at('lock-go').click();
  await at('version-page').waitFor();
  await line();
  await typeSignIn(page, '王磊', TEST_PIN);
  await at('nav-recipes').click();
  await page.locator('tr[data-state="locked"]').press('Enter');
  await at('release').click();
  await at('release-go').click();
  await expect.poll(() => at('version-history').textContent()).toContain('王磊');

  // Thursday: a batch of it. The operator makes four units; two have a voltage above the limit.
  await at('nav-batches').click();
  await at('new-batch').click();
  const version = station.database.recipeVersions.list().find(({ releasedBy }) => releasedBy === '王磊');
  await choose(page, 'batch-recipe', version?.hash ?? '');
  await at('quantity').fill('2');
  await at('batch-title').fill('本周');
  await at('create').click();
  await at('batch-page').waitFor();
  const batchId = station.batches.state().batches.find(({ name }) => name === '本周')?.batchId ?? '';
  await line();
  await at('batch-picker').locator('button', { hasText: '本周' }).click();
  for (const slot of [3, 4, 1, 2]) {
    await pages.rest(SINGLE_KEY_MS + 50);
    await pages.scan(`#GW#SLOT,${slot}#`);
    await page.locator(`[data-testid="slot-${slot}"].selected`).waitFor();
    await pages.rest(SINGLE_KEY_MS + 50);
    await pages.scan(setup.units.serialOf(slot) ?? '');
    await expect.poll(() => at(`slot-${slot}`).getAttribute('data-outcome')).toBe(slot > 2 ? 'FAIL' : 'PASS');
    if (slot > 2) await page.keyboard.press('Enter');
  }

  // Friday: the limit is questioned. From the bars outside of it to their runs, and to what was said on the wire.
  await typeSignIn(page, '陈静', TEST_PIN);
  await at(`row-${batchId}`).getByRole('link').press('Enter');
  await at('measured-row').filter({ hasText: 'adc' }).click();
  await at('histogram-bar').last().focus();
  await page.keyboard.press('Enter');
  const found = page.locator('[data-testid="run-list"] [data-row]');
  await expect.poll(() => found.count()).toBe(1);
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await at('run-page').waitFor();
  await expect.poll(() => at('run-page').locator('h1').textContent()).toBe(setup.units.serialOf(4));
  await at('steps').locator('[data-step="supply"]').first().click();
  await expect.poll(() => at('dialogue').textContent()).toMatch(/AT\+SYSADC\?.*SYSADC:\s*8[67]\d/s);

  // A draft with another limit says what this run would have been.
  await at('nav-recipes').click();
  await page.locator('tr[data-state="released"]').press('Enter');
  await at('copy-version').click();
  await at('draft-page').waitFor();
  await editLimit(page, 3, '900');
  await at('find-unit').fill(setup.units.serialOf(4) ?? '');
  await page.keyboard.press('Enter');
  await expect.poll(() => found.count()).toBe(1);
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await at('replay-recipe').click();
  await page.getByRole('option').first().click();
  await at('judge').click();
  await expect.poll(() => at('replay-result').getAttribute('data-same')).toBe('false');
  expect(await at('replay-steps').textContent()).toMatch(/supply.*不合格.*830.*合格.*900/s);

  // What the list shows goes to a file, as a foreign reader reads it.
  await at('to-runs').click();
  await at('chip-text').click();
  await at('filter-batch').click();
  await page.getByRole('option', { name: '本周' }).click();
  await expect.poll(() => found.count()).toBe(4);
  await at('export').click();
  const [download] = await Promise.all([page.waitForEvent('download'), at('export-start').click()]);
  const path = join(dir.path, 'runs.csv');
  await download.saveAs(path);
  const [head = [], ...exported] = readCsv(path);
  const heads = await page.locator('[data-testid="run-list"] th').allTextContents();
  // The outcome is two columns of the file: the second says whether it is proven.
  expect(head).toHaveLength(heads.length + 1);
  const shown = await found.evaluateAll((all) =>
    all.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent.trim())),
  );
  const serials = setup.units.slots.map(({ slot }) => setup.units.serialOf(slot) ?? '');
  const serialsOf = (table: readonly (readonly string[])[]) =>
    table.map((row) => serials.find((serial) => row.includes(serial)));
  expect(exported).toHaveLength(4);
  expect(serialsOf(exported)).toEqual(serialsOf(shown));
  await page.keyboard.press('Escape');

  // The batch is complete, and the records say what the pages said.
  await at('nav-batches').click();
  await expect.poll(() => at(`row-${batchId}`).textContent()).toContain('已完成');
  await expect.poll(() => station.sync.state()).toMatchObject({ pending: 0, parked: 0 });
  expect(pages.problems()).toEqual([]);
  await setup.close();
  const told = await invoke('runs', '--data', setup.dataDir, '--batch', '本周', '--json');
  expect(told.events.map(({ serialNumber, outcome }) => [serialNumber, outcome])).toEqual([
    [serials[1], 'PASS'],
    [serials[0], 'PASS'],
    [serials[3], 'FAIL'],
    [serials[2], 'FAIL'],
  ]);
  const audit = await invoke('triples', 'audit', '--data', setup.dataDir, '--json');
  expect(audit.events).toMatchObject([{ violations: [], available: 4, inDoubt: 0 }]);
});
