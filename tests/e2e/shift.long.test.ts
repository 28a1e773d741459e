import { expect, test } from 'vitest';
import { parsedRecipe } from '../kit/recipes.ts';
import { startPages } from '../kit/pages.ts';
import { simulated } from '../kit/units.ts';

const ASKS = parsedRecipe(`gongwei: recipe/1
name: shift
version: 1.0.0
title: { zh-CN: 班次, en: Shift }
product: GWDEMO0001
serialNumber: { pattern: 'SN\\d{6}', example: SN000001 }
device: { profile: at-module, region: ap-guangzhou, serial: { baudRate: 115200 } }
phases:
  - name: look
    title: { zh-CN: 目检, en: Look }
    steps: [{ verb: prompt, kind: pass-fail, name: light, ask: { zh-CN: 指示灯亮吗？, en: Is the light on? } }]
`);

/** What the operator does with each unit; a bad one is tested once more. */
const SHIFT = ['good', 'good', 'bad', 'good', 'stopped', 'good', 'bad', 'good'] as const;
const KEY = { good: 'Enter', bad: 'Backspace', stopped: 'Escape' } as const;
const OUTCOME = { good: 'PASS', bad: 'FAIL', stopped: 'ABORTED' } as const;
const SAID = {
  good: '治具位 1：合格。',
  bad: '治具位 1：不合格。操作员判为不合格。',
  stopped: '治具位 1：已停止。测试被停止。',
} as const;

test('a shift with scanner and keyboard alone: each result is said, and the focus stays where scans go', async () => {
  await using pages = await startPages({ units: simulated(1), recipe: ASKS, locale: 'zh-CN' });
  const { page, setup } = pages;
  await page.waitForSelector('[data-testid="batch-picker"]');
  await page.keyboard.press('Enter');
  const slot = page.getByTestId('slot-1');
  await page.waitForSelector('[data-testid="slot-1"][data-state="ready"]');
  await page.evaluate(() => {
    const said: string[] = [];
    Object.assign(window, { said });
    for (const id of ['reader-status', 'reader-results']) {
      const region = document.querySelector(`[data-testid="${id}"]`);
      const note = (): void => void said.push(region?.textContent?.trim() ?? '');
      if (region !== null)
        new MutationObserver(note).observe(region, { subtree: true, childList: true, characterData: true });
    }
  });

  for (const [unit, what] of SHIFT.entries()) {
    const serialNumber = `SN${String(unit + 1).padStart(6, '0')}`;
    await pages.scan(serialNumber);
    await page.waitForSelector('[data-testid="ask"][data-armed="true"]');
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('scan-input');
    await pages.rest(500);
    await page.keyboard.press(KEY[what]);
    await expect.poll(() => slot.getAttribute('data-outcome')).toBe(OUTCOME[what]);
    if (what === 'bad') {
      const tile = await slot.textContent();
      expect(tile).toContain('操作员判为不合格。');
      expect(tile).toContain('指示灯亮吗？');
      expect(tile).not.toContain('限值');
    }
    if (what !== 'good') {
      await pages.rest(500);
      await page.keyboard.press('Space');
      await page.waitForSelector('[data-testid="slot-1"][data-state="ready"]');
    }
    const [run] = setup.station.database.runs.listOfSerialNumber(serialNumber);
    expect(run?.outcome).toBe(OUTCOME[what]);
  }
  const said = await page.evaluate(() => (window as unknown as { said: string[] }).said);
  const results = said.filter((text, at) => text !== '' && text !== said[at - 1]);
  expect(results).toEqual(SHIFT.map((what) => SAID[what]));
});
