import { expect, test } from 'vitest';
import { simulated } from '../kit/units.ts';
import { parsedRecipe } from '../kit/recipes.ts';
import { startPages } from '../kit/pages.ts';
import { LONG } from '../support/depth.ts';

/** A recipe with one question: its run cannot end before the test answers. */
const ASKS = parsedRecipe(`gongwei: recipe/1
name: asks
version: 1.0.0
title: { zh-CN: 提问, en: Questions }
product: GWDEMO0001
serialNumber: { pattern: 'SN\\d{6}', example: SN000001 }
device: { profile: at-module, region: ap-guangzhou, serial: { baudRate: 115200 } }
phases:
  - name: ask
    steps: [{ verb: prompt, kind: confirm, name: press, ask: { zh-CN: 按复位键, en: Press reset } }]
`);

const slotState = (n: number) => `[data-testid="slot-${n}"]`;

test('an operator with a scanner: pick the batch, scan, PASS, next unit', async () => {
  await using pages = await startPages({ units: simulated(1, { timeScale: 0.2 }) });
  const { page } = pages;
  await page.waitForSelector('[data-testid="batch-picker"]');
  await page.keyboard.press('Enter');
  await page.waitForSelector(`${slotState(1)}[data-state="ready"]`);

  await pages.scan('nonsense');
  await expect.poll(() => page.textContent('[data-testid="scan-message"]')).toContain('SN000001');
  expect(pages.setup.station.database.runs.listUnfinished()).toEqual([]);

  await pages.scan('SN000001');
  await page.waitForSelector(`${slotState(1)}[data-state="running"]`);
  await page.waitForSelector(`${slotState(1)}[data-outcome="PASS"]`);
  expect(await page.textContent('[data-testid="outcome-word"]')).toContain('PASS');

  // The same unit again is refused; a PASS does not keep the next unit waiting.
  await pages.scan('SN000001');
  await expect.poll(() => page.textContent('[data-testid="scan-message"]')).toContain('SN000001');
  await pages.scan('SN000002');
  await expect.poll(() => pages.setup.station.database.runs.listOfSerialNumber('SN000002').length).toBe(1);
  await page.waitForSelector(`${slotState(1)}[data-state="finished"]`);
  await expect.poll(() => page.textContent('[data-testid="first-pass"]')).toBe('100%');
});

test.runIf(LONG)('a FAIL waits for its acknowledgement', async () => {
  await using pages = await startPages({
    units: simulated(1, { timeScale: 0.2, faults: { units: { 1: ['reject-write'] } } }),
  });
  const { page } = pages;
  await page.waitForSelector('[data-testid="batch-picker"]');
  await page.keyboard.press('Enter');
  await page.waitForSelector(`${slotState(1)}[data-state="ready"]`);
  await pages.scan('SN000001');
  await page.waitForSelector(`${slotState(1)}[data-outcome="FAIL"]`);

  await pages.scan('SN000002');
  await expect.poll(() => page.textContent('[data-testid="scan-message"]')).not.toBe('');
  expect(pages.setup.station.database.runs.listOfSerialNumber('SN000002')).toEqual([]);
  expect(await page.getAttribute(slotState(1), 'data-outcome')).toBe('FAIL');

  // Directly after a scan, Space would be its suffix.
  await page.waitForTimeout(500);
  await page.keyboard.press('Space');
  await page.waitForSelector(`${slotState(1)}[data-state="ready"]`);
  await pages.scan('SN000002');
  await expect.poll(() => pages.setup.station.database.runs.listOfSerialNumber('SN000002').length).toBe(1);
});

test.runIf(LONG)('a reload in the middle of a run shows the run as it is', async () => {
  await using pages = await startPages({ units: simulated(2), recipe: ASKS });
  const { page } = pages;
  await page.waitForSelector('[data-testid="batch-picker"]');
  await page.keyboard.press('Enter');
  await page.waitForSelector(`${slotState(2)}[data-state="ready"]`);
  await pages.scan('#GW#SLOT,2#');
  await pages.scan('SN000007');
  await page.waitForSelector(`${slotState(2)}[data-state="running"]`);
  const [before] = pages.setup.station.slots.running();

  await page.reload();
  await page.waitForSelector(`${slotState(2)}[data-state="running"]`);
  expect(await page.textContent(`${slotState(2)} [data-testid="serial"]`)).toContain('SN000007');
  expect(pages.setup.station.slots.running()[0]?.run?.runId).toBe(before?.run?.runId);
  await page.waitForSelector('[data-testid="ask"][data-armed="true"]');
  await page.keyboard.press('Space');
  await page.waitForSelector(`${slotState(2)}[data-outcome="PASS"]`);
  expect(pages.setup.station.database.runs.listOfSerialNumber('SN000007')).toHaveLength(1);
});

test('Esc stops a run; it ends ABORTED and recorded', async () => {
  await using pages = await startPages({ units: simulated(1), recipe: ASKS });
  const { page } = pages;
  await page.waitForSelector('[data-testid="batch-picker"]');
  await page.keyboard.press('Enter');
  await page.waitForSelector(`${slotState(1)}[data-state="ready"]`);
  await pages.scan('SN000001');
  await page.waitForSelector(`${slotState(1)}[data-state="running"]`);
  await page.keyboard.press('Escape');
  await page.waitForSelector(`${slotState(1)}[data-outcome="ABORTED"]`);
  const [run] = pages.setup.station.database.runs.listOfSerialNumber('SN000001');
  expect(run?.outcome).toBe('ABORTED');
});
