import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { STATION_ITSELF } from '#station';
import { importVersion, versionIn } from '../kit/esp-packages.ts';
import { startPages } from '../kit/pages.ts';
import { parsedRecipe } from '../kit/recipes.ts';
import { simulated } from '../kit/units.ts';
import { choose } from '../renderer/support/choose.ts';
import { soon } from '../support/patience.ts';
import { signIn } from './sign-in.ts';

const RECIPE = readFileSync(new URL('../../resources/recipes/esp32c3-nvs.yaml', import.meta.url), 'utf8');

test('support gives a returned unit other firmware and the same identity by the page, and reads both from its flash', async () => {
  await using pages = await startPages({
    units: simulated(1, { profile: 'esp32c3', rfc2217: true, timeScale: 0 }),
  });
  const { setup } = pages;
  const { station, registry, units } = setup;
  const recipe = parsedRecipe(RECIPE);
  registry.seed(2, recipe.recipe.product);
  await station.pool.lease(recipe.recipe.product, 2, STATION_ITSELF, soon());
  const [old, next] = [await importVersion(setup, '1.0.0'), await importVersion(setup, '2.0.0')];
  const { batchId } = station.batches.create({ recipe, quantity: 9, firmwareSha256: old }, STATION_ITSELF);
  station.batches.select(batchId);
  const serialNumber = units.serialOf(1);
  const made = await station.startUnit({ batchId, serialNumber, operator: 'Li', slot: 1 }).finished;
  expect(made).toMatchObject({ outcome: 'PASS', failure: null });
  station.slots.acknowledge(1);
  expect(versionIn(units)).toBe('1.0.0');
  await station.access.add('Chen', 'engineer', '864209', { role: 'engineer', user: 'e2e' });

  const page = await signIn(pages, 'Ana', 'support');
  const click = (testId: string): Promise<void> => page.click(`[data-testid="${testId}"]`);
  const fill = (testId: string, text: string): Promise<void> => page.fill(`[data-testid="${testId}"]`, text);
  await page.waitForSelector('[data-testid="returns"]');
  await fill('find', '1');
  await page.press('[data-testid="find"]', 'Enter');
  await page.waitForSelector('[data-testid="verdict"][data-verdict="known"]');
  expect(await page.textContent('[data-testid="row-deviceName"]')).toContain(made.deviceName);

  await click('action-keep');
  await fill('reason', 'came back with old firmware');
  await fill('approver', 'Chen');
  await fill('approver-pin', '864209');
  await choose(page, 'return-firmware', next);
  await click('confirm');
  await page.waitForSelector('[data-testid="done"]');
  await page.waitForSelector('[data-testid="verdict"][data-verdict="known"]');
  expect(versionIn(units)).toBe('2.0.0');
  const report = await station.returns.read(1, soon());
  expect(report).toMatchObject({
    bound: { deviceName: made.deviceName },
    reading: { holds: { deviceName: made.deviceName }, secretMatches: true },
  });
  const timeline = (await page.textContent('[data-testid="timeline"]')) ?? '';
  expect(timeline).toContain('lamp 1.0.0');
  expect(timeline).toContain('came back with old firmware');
  expect(pages.problems()).toEqual([]);
});
