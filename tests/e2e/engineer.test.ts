import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makePackage } from '#simulator';
import { tempDir } from '../support/temp-dir.ts';
import { signIn } from './sign-in.ts';
import { simulated } from '../kit/units.ts';
import { startPages } from '../kit/pages.ts';

const ROOT = join(import.meta.dirname, '../..');

test('an engineer: a batch from a recipe, its report as a file, firmware from a dropped zip to online', async () => {
  using dir = tempDir('engineer');
  await using pages = await startPages({ units: simulated(1, { timeScale: 0 }), name: 'e2e-1' });
  const { station } = pages.setup;
  const [first] = station.batches.state().batches;
  await station.startUnit({ batchId: first?.batchId ?? '', serialNumber: 'SN000001', operator: 'Li' })
    .finished;
  const page = await signIn(pages, '陈静', 'engineer');

  // A batch: the mistakes of a recipe are shown by line, a correct recipe with its summary.
  const yaml = await readFile(join(ROOT, 'resources/recipes/at-wifi-module.yaml'), 'utf8');
  await page.click('[data-testid="new-batch"]');
  await page.click('[data-testid="tab-text"]');
  await page.fill('[data-testid="recipe"]', yaml.replace('verb: burn-triple', 'verb: burn-twice'));
  await page.waitForSelector('[data-testid="recipe-issues"]');
  expect(await page.textContent('[data-testid="recipe-issues"]')).toMatch(/line \d+, column \d+/);
  await page.fill('[data-testid="recipe"]', yaml);
  await page.waitForSelector('[data-testid="recipe-summary"]');
  await page.fill('[data-testid="quantity"]', '30');
  await page.fill('[data-testid="batch-title"]', 'second batch');
  await page.click('[data-testid="create"]');
  await page.waitForSelector('[data-testid="batch-page"]');
  expect(station.batches.state().batches.map(({ name }) => name)).toContain('second batch');

  // The first batch's report, downloaded by the browser.
  await page.click('[data-testid="nav-batches"]');
  await page.click(`[data-testid="row-${first?.batchId ?? ''}"]`);
  await expect.poll(() => page.textContent('[data-testid="first-pass-yield"]')).toBe('100%');
  await page.click('[data-testid^="run-"]:has-text("SN000001")');
  const [savedLabel] = await Promise.all([
    page.waitForEvent('download'),
    page.click('[data-testid="save-label"]'),
  ]);
  const label = join(dir.path, savedLabel.suggestedFilename());
  await savedLabel.saveAs(label);
  expect(await readFile(label, 'utf8')).toMatch(/^<svg[^]*<\/svg>\s*$/);
  await page.click('[data-testid="to-batch"]');
  await page.click('[data-testid="export"]');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.click('[data-testid="export-start"]'),
  ]);
  expect(download.suggestedFilename()).toMatch(/^e2e-1.*\.csv$/);
  await page.keyboard.press('Escape');
  const path = join(dir.path, 'report.csv');
  await download.saveAs(path);
  const csv = await readFile(path, 'utf8');
  expect(csv.startsWith('\uFEFF')).toBe(true);
  expect(csv).toContain('SN000001');

  // Firmware: upload, import, description, upload to the registry, release.
  const sample = await makePackage(join(dir.path, 'sample.zip'), { bodyBytes: 300_000 });
  await page.click('[data-testid="nav-firmware"]');
  await page.fill('[data-testid="import-product"]', 'GWDEMO0001');
  await page.fill('[data-testid="import-version"]', '1.0.0');
  await page.setInputFiles('[data-testid="firmware-file"]', sample.path);
  const row = `[data-testid="firmware-${sample.sha256.slice(0, 8)}"]`;
  await page.waitForSelector(row);
  await page.click(`${row} [data-testid="upload"]`);
  await page.waitForSelector(`${row}[data-state="offline"]`);
  await page.click(`${row} [data-testid="switch"]`);
  await page.click('[data-testid="online-go"]');
  await page.waitForSelector(`${row}[data-state="online"]`);
  const [view] = station.firmware.state().packages;
  expect(view).toMatchObject({
    sha256: sample.sha256,
    registry: { state: 'online', sha256: sample.sha256 },
  });

  // After signing out no page is offered.
  await page.click('[data-testid="sign-out"]');
  await page.waitForSelector('[data-testid="sign-in"]');
  expect(await page.locator('[data-testid^="nav-"]').count()).toBe(0);
});
