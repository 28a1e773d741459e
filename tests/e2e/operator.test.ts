import { expect, test } from 'vitest';
import { openLine } from './line.ts';

const slotState = (n: number) => `[data-testid="slot-${n}"]`;

test('an operator with a scanner: pick the batch, scan, PASS, next unit', async () => {
  await using line = await openLine({ slots: 1 });
  const { page } = line;
  await page.waitForSelector('[data-testid="batch-picker"]');
  await page.keyboard.press('Enter');
  await page.waitForSelector(`${slotState(1)}[data-state="ready"]`);

  await line.scan('nonsense');
  await expect.poll(() => page.textContent('[data-testid="scan-message"]')).toContain('SN000001');
  expect(line.station.database.runs.listUnfinished()).toEqual([]);

  await line.scan('SN000001');
  await page.waitForSelector(`${slotState(1)}[data-state="running"]`);
  await page.waitForSelector(`${slotState(1)}[data-outcome="PASS"]`);
  expect(await page.textContent('[data-testid="outcome-word"]')).toContain('PASS');

  // The same unit again is refused; a PASS does not keep the next unit waiting.
  await line.scan('SN000001');
  await expect.poll(() => page.textContent('[data-testid="scan-message"]')).toContain('SN000001');
  await line.scan('SN000002');
  await expect.poll(() => line.station.database.runs.listOfSerialNumber('SN000002').length).toBe(1);
  await page.waitForSelector(`${slotState(1)}[data-state="finished"]`);
  await expect.poll(() => page.textContent('[data-testid="first-pass"]')).toBe('100%');
});

test('a FAIL waits for its acknowledgement', async () => {
  await using line = await openLine({ slots: 1, faults: { 1: ['reject-write'] } });
  const { page } = line;
  await page.waitForSelector('[data-testid="batch-picker"]');
  await page.keyboard.press('Enter');
  await page.waitForSelector(`${slotState(1)}[data-state="ready"]`);
  await line.scan('SN000001');
  await page.waitForSelector(`${slotState(1)}[data-outcome="FAIL"]`);

  await line.scan('SN000002');
  await expect.poll(() => page.textContent('[data-testid="scan-message"]')).not.toBe('');
  expect(line.station.database.runs.listOfSerialNumber('SN000002')).toEqual([]);
  expect(await page.getAttribute(slotState(1), 'data-outcome')).toBe('FAIL');

  // Right behind a scan, Space would be its suffix.
  await page.waitForTimeout(500);
  await page.keyboard.press('Space');
  await page.waitForSelector(`${slotState(1)}[data-state="ready"]`);
  await line.scan('SN000002');
  await expect.poll(() => line.station.database.runs.listOfSerialNumber('SN000002').length).toBe(1);
});

test('a reload in the middle of a run shows the run as it is', async () => {
  await using line = await openLine({ slots: 2, timeScale: 2 });
  const { page } = line;
  await page.waitForSelector('[data-testid="batch-picker"]');
  await page.keyboard.press('Enter');
  await page.waitForSelector(`${slotState(2)}[data-state="ready"]`);
  await line.scan('#GW#SLOT,2#');
  await line.scan('SN000007');
  await page.waitForSelector(`${slotState(2)}[data-state="running"]`);
  const [before] = line.station.slots.running();

  await page.reload();
  await page.waitForSelector(`${slotState(2)}[data-state="running"]`);
  expect(await page.textContent(`${slotState(2)} [data-testid="serial"]`)).toContain('SN000007');
  expect(line.station.slots.running()[0]?.run?.runId).toBe(before?.run?.runId);
  await page.waitForSelector(`${slotState(2)}[data-state="finished"]`);
  expect(line.station.database.runs.listOfSerialNumber('SN000007')).toHaveLength(1);
});

test('Esc stops a run; it ends ABORTED and recorded', async () => {
  await using line = await openLine({ slots: 1, timeScale: 3 });
  const { page } = line;
  await page.waitForSelector('[data-testid="batch-picker"]');
  await page.keyboard.press('Enter');
  await page.waitForSelector(`${slotState(1)}[data-state="ready"]`);
  await line.scan('SN000001');
  await page.waitForSelector(`${slotState(1)}[data-state="running"]`);
  await page.keyboard.press('Escape');
  await page.waitForSelector(`${slotState(1)}[data-outcome="ABORTED"]`);
  const [run] = line.station.database.runs.listOfSerialNumber('SN000001');
  expect(run?.outcome).toBe('ABORTED');
});
