import { expect, test } from 'vitest';
import { SAME_LABEL_MS } from '#shared/domain/scan/index.ts';
import { scanKeys, scannedLine } from '../kit/scan-keys.ts';
import { simulated } from '../kit/units.ts';
import { parsedRecipe } from '../kit/recipes.ts';
import { startPages, type TestPages } from '../kit/pages.ts';
import { LONG } from '../support/depth.ts';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

const recipe = (steps: string): string => `gongwei: recipe/1
name: asks
version: 1.0.0
title: { zh-CN: 提问, en: Questions }
product: GWDEMO0001
serialNumber: { pattern: 'SN\\d{6}', example: SN000001 }
device: { profile: at-module, region: ap-guangzhou, serial: { baudRate: 115200, commandTimeoutMs: 10000 } }
phases:
  - name: identify
    kind: setup
    steps: [{ verb: identify }]
  - name: ask
    steps:
${steps}
`;

const LIGHT = (answerMs: number): string =>
  `      - { verb: prompt, kind: pass-fail, name: light, image: led.png, answerMs: ${answerMs}, ask: { zh-CN: 绿灯亮吗？, en: Is the light green? } }`;
const EVERY_KIND = recipe(`${LIGHT(60_000)}
      - { verb: prompt, kind: confirm, name: press, ask: { zh-CN: 按复位键, en: Press reset } }
      - verb: prompt
        kind: choice
        name: colour
        ask: { zh-CN: 什么颜色？, en: Which colour? }
        choices: [{ value: white, title: { zh-CN: 白, en: White } }, { value: black, title: { zh-CN: 黑, en: Black } }]
      - { verb: prompt, kind: number, name: weight, unit: g, limits: { min: 10, max: 20 }, ask: { zh-CN: 多重？, en: How heavy? } }
      - { verb: prompt, kind: text, name: lot, pattern: '^LOT-', ask: { zh-CN: 电池批号, en: Lot of the battery } }
      - { verb: scan-label, name: label, equals: '{serialNumber}' }`);

const FILES = { 'led.png': PNG };
const tile = (slot: number, more = ''): string => `[data-testid="slot-${slot}"]${more}`;

async function open(text: string, slots: number): Promise<TestPages> {
  const pages = await startPages({
    units: simulated(slots, { timeScale: 0.05 }),
    recipe: parsedRecipe(text, FILES),
  });
  await pages.page.waitForSelector('[data-testid="batch-picker"]');
  await pages.page.keyboard.press('Enter');
  await pages.page.waitForSelector(tile(1, '[data-state="ready"]'));
  return pages;
}

/** Waits until the question has been visible long enough for a single key. */
const waitForQuestion = async ({ page }: TestPages, kind: string, slot = 1): Promise<void> =>
  void (await page.waitForSelector(
    `[data-testid="ask"][data-kind="${kind}"][data-slot="${slot}"][data-armed="true"]`,
  ));

function measured(pages: TestPages, serialNumber: string): Record<string, unknown> {
  const [run] = pages.setup.station.database.runs.listOfSerialNumber(serialNumber);
  const all = run === undefined ? [] : pages.setup.station.database.runs.listMeasurements(run.runId);
  return Object.fromEntries(all.map(({ name, value }) => [name, value]));
}

test('every kind of question: by keys, by codes of the card, by mouse', async () => {
  await using pages = await open(EVERY_KIND, 3);
  const { page } = pages;

  await pages.scan('SN000001');
  await waitForQuestion(pages, 'pass-fail');
  expect(await page.getAttribute(tile(1), 'data-appearance')).toBe('asking');
  expect(await page.textContent('[data-testid="ask-question"]')).toBe('Is the light green?');
  const picture = await page.waitForSelector('[data-testid="ask-picture"]');
  await expect.poll(() => picture.evaluate((img) => (img as HTMLImageElement).naturalWidth)).toBe(1);
  await page.keyboard.press('y');
  await waitForQuestion(pages, 'confirm');
  await page.keyboard.press('Space');
  await waitForQuestion(pages, 'choice');
  await page.keyboard.press('2');
  await waitForQuestion(pages, 'number');
  expect(await page.textContent('[data-testid="scan-unit"]')).toBe('g');
  await pages.scan('heavy');
  await expect.poll(() => page.getAttribute('[data-testid="scan-message"]', 'data-code')).toBe('bad-input');
  await pages.scan('12.5');
  await waitForQuestion(pages, 'text');
  await pages.scan('LOT-0042');
  await waitForQuestion(pages, 'scan');
  await pages.scan('SN000001');
  await page.waitForSelector(tile(1, '[data-outcome="PASS"]'));
  expect(measured(pages, 'SN000001')).toMatchObject({
    light: 'pass',
    colour: 'black',
    weight: 12.5,
    lot: 'LOT-0042',
    label: 'SN000001',
  });

  // Card codes do not need a visible question, only a new trigger pull after the scan of the unit.
  await pages.scan('#GW#SLOT,2#');
  await pages.scan('SN000002');
  await page.waitForSelector('[data-testid="ask"][data-kind="pass-fail"]');
  const startedAtMs = Date.now();
  const codes = [
    ['pass-fail', '#GW#PASS#'],
    ['confirm', '#GW#START#'],
    ['choice', '#GW#CHOICE,WHITE#'],
    ['number', '11,5'],
    ['text', 'LOT-7'],
    ['scan', 'SN000002'],
  ] as const;
  for (const [kind, code] of codes) {
    await page.waitForSelector(`[data-testid="ask"][data-kind="${kind}"]`);
    // The label of the unit must have been away for so long, and its question visible.
    const restMs = kind === 'scan' ? SAME_LABEL_MS : 500;
    if (kind === 'scan') await waitForQuestion(pages, kind, 2);
    await pages.rest(Math.max(0, startedAtMs + restMs - Date.now()));
    await pages.scan(code);
  }
  await page.waitForSelector(tile(2, '[data-outcome="PASS"]'));
  expect(measured(pages, 'SN000002')).toMatchObject({ light: 'pass', colour: 'white', weight: 11.5 });

  // First by mouse; then the label of another unit, which the screen names.
  await pages.scan('#GW#SLOT,3#');
  await pages.scan('SN000003');
  for (const [kind, button] of [
    ['pass-fail', 'answer-pass'],
    ['confirm', 'answer-ok'],
    ['choice', 'answer-black'],
  ] as const) {
    await waitForQuestion(pages, kind, 3);
    await page.getByTestId(button).click();
  }
  for (const [kind, text] of [
    ['number', '19'],
    ['text', 'LOT-1'],
    ['scan', 'SN000099'],
  ] as const) {
    await waitForQuestion(pages, kind, 3);
    // With a free slot, a serial number starts the next unit, unless the slot with the question was selected.
    if (kind === 'scan') await pages.scan('#GW#SLOT,3#');
    await pages.scan(text);
  }
  await page.waitForSelector(tile(3, '[data-outcome="FAIL"]'));
  expect(await page.textContent(tile(3))).toContain('SN000099');
});

test.runIf(LONG)('"not good" is a FAIL', async () => {
  await using pages = await open(recipe(LIGHT(60_000)), 1);
  const { page } = pages;
  await pages.scan('SN000001');
  await waitForQuestion(pages, 'pass-fail');
  await pages.rest(700);
  await page.keyboard.press('Backspace');
  await page.waitForSelector(tile(1, '[data-outcome="FAIL"]'));
  await page.keyboard.press('Space');
  await page.waitForSelector(tile(1, '[data-state="ready"]'));
});

test.runIf(LONG)('a question that nobody answers ends ERROR', async () => {
  await using pages = await open(recipe(LIGHT(2_500)), 1);
  const { page } = pages;
  await pages.scan('SN000002');
  await page.waitForSelector(tile(1, '[data-outcome="ERROR"]'));
  expect(pages.setup.station.database.runs.listOfSerialNumber('SN000002')[0]).toMatchObject({
    outcome: 'ERROR',
  });
  expect(await page.textContent(tile(1))).toContain('Nobody answered');
});

test.runIf(LONG)(
  'two slots ask: a reload shows it again, Tab turns to the other, the scanner is always heard',
  async () => {
    await using pages = await open(recipe(LIGHT(60_000)), 3);
    const { page } = pages;
    await pages.scan('SN000001');
    await waitForQuestion(pages, 'pass-fail', 1);
    // A second line end, as of a Bluetooth scanner, and a second read do not answer slot 1.
    const read = scannedLine('SN000002');
    await scanKeys(page, [...read, 'Enter', ...read], [...read.map(() => 5), 150, 500]);
    await page.waitForSelector(tile(2, '[data-appearance="asking"]'));
    const code = (): Promise<string | null> => page.getAttribute('[data-testid="scan-message"]', 'data-code');
    await expect.poll(code).toBe('scan-repeated');
    for (const slot of [1, 2]) expect(await page.getAttribute(tile(slot), 'data-appearance')).toBe('asking');

    await page.reload();
    await waitForQuestion(pages, 'pass-fail', 1);
    expect(await page.textContent('[data-testid="ask-others"]')).toContain('2');
    await page.keyboard.press('Tab');
    await waitForQuestion(pages, 'pass-fail', 2);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-testid'))).toBe('scan-input');
    await pages.rest(700);
    await page.keyboard.press('n');
    await page.waitForSelector(tile(2, '[data-outcome="FAIL"]'));
    await waitForQuestion(pages, 'pass-fail', 1);

    // The next unit starts while a question is open.
    await pages.scan('SN000003');
    await page.waitForSelector(tile(3, '[data-appearance="asking"]'));
    await pages.scan('#GW#SLOT,3#');
    await waitForQuestion(pages, 'pass-fail', 3);
    await pages.scan('#GW#FAIL#');
    await page.waitForSelector(tile(3, '[data-outcome="FAIL"]'));
    await waitForQuestion(pages, 'pass-fail', 1);
    await page.keyboard.press('Enter');
    await page.waitForSelector(tile(1, '[data-outcome="PASS"]'));
  },
);
