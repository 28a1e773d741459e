import { describe, expect, it } from 'vitest';
import { layoutProblems } from './support/layout-problems.ts';
import { type DevPage, openDevPages, type OpenOptions } from './support/dev-page.ts';
import { eventually, devPages } from './support/dev-pages.ts';

const tabs = devPages(openDevPages);

const open = (options?: OpenOptions): Promise<DevPage> => tabs().open(options);

async function focused(desk: DevPage): Promise<string | null> {
  return desk.page.evaluate(() => document.activeElement?.getAttribute('data-testid') ?? null);
}

const SCREENS = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
];

describe('the scanner', () => {
  it('is heard whole, wherever the focus went and whatever lies on top', async () => {
    const desk = await open();
    const { page } = desk;
    const disturbances: (() => Promise<unknown>)[] = [
      () => page.getByTestId('slot-2').click(),
      () => page.getByTestId('station-name').click(),
      () => page.getByTestId('sound').click(),
      () => page.keyboard.press('F1'),
      () => page.evaluate(() => (document.activeElement as HTMLElement).blur()),
      () => page.getByTestId('help').focus(),
      () => page.keyboard.press('F3'),
    ];
    const expected: string[] = [];
    for (const [index, disturb] of disturbances.entries()) {
      const serial = `XX ${index}#ab`;
      // As slowly as a person, so that no pause of a busy computer is the end of a scanner's line.
      await page.keyboard.type(serial.slice(0, 4), { delay: 45 });
      await disturb();
      await page.keyboard.type(serial.slice(4));
      await page.keyboard.press('Enter');
      expected.push(serial);
      expect(await focused(desk)).toBe('scan-input');
    }
    await eventually(() => desk.calls('slots.scan')).toMatchObject(expected.map((text) => ({ text })));
    expect(desk.complaints).toEqual([]);
  });

  it('says what was scanned and what came of it', async () => {
    const desk = await open({ language: 'en' });
    const message = desk.page.getByTestId('scan-message');
    await desk.scan('#GW#SLOT,3#');
    await eventually(() => message.textContent()).toContain('Slot 3 is selected');
    await desk.scan('SN2611200042');
    await eventually(() => message.textContent()).toContain('Started on slot 3');
    expect(await desk.page.getByTestId('slot-3').getAttribute('data-state')).toBe('running');
    expect(await desk.page.getByTestId('last-scan').textContent()).toBe('SN2611200042');

    await desk.scan('BOX-17');
    await eventually(() => message.getAttribute('data-code')).toBe('serial-malformed');
    expect(await message.textContent()).toContain('It looks like this: SN2611200001');
    await desk.scan('#GW#SLOT,9#');
    await eventually(() => message.getAttribute('data-code')).toBe('slot-unknown');
    expect(await desk.station((harness) => harness.sounds)).toEqual(['refused', 'refused']);
  });
});

describe('results', () => {
  it('a FAIL stands until it is acknowledged, a PASS clears itself', async () => {
    const desk = await open({ slots: 2 });
    const [first, second] = [desk.page.getByTestId('slot-1'), desk.page.getByTestId('slot-2')];
    await desk.scan('SN1');
    await desk.scan('SN2');
    await eventually(() => second.getAttribute('data-state')).toBe('running');
    await desk.station((harness) => {
      harness.finish(1, 'FAIL', 'device-silent');
      harness.finish(2, 'PASS', null, 60_000);
    });
    await eventually(() => first.getAttribute('data-outcome')).toBe('FAIL');
    expect(await second.getAttribute('data-outcome')).toBe('PASS');
    expect(await first.textContent()).toContain('产品没有应答');
    expect(await desk.station((harness) => harness.sounds)).toEqual(['fail', 'pass']);

    await desk.station((harness) => harness.finish(2, 'PASS', null, 0));
    await eventually(() => second.getAttribute('data-appearance')).toBe('ready');
    expect(await first.getAttribute('data-outcome')).toBe('FAIL');
    expect(await first.getAttribute('data-waits')).toBe('true');

    await desk.page.keyboard.press('Space');
    await eventually(() => first.getAttribute('data-state')).toBe('ready');
    expect(await desk.calls('slots.acknowledge')).toEqual([{ slot: null }]);
    expect(await desk.calls('slots.scan')).toHaveLength(2);
  });

  it('Space takes the result that waited longest, and inside a scan it is a character', async () => {
    const desk = await open({ scene: 'fail', slots: 4 });
    // In this scene slot 4 finished first.
    expect(await desk.page.getByTestId('waiting').textContent()).toContain('4');
    await desk.scan('SN 7');
    await eventually(() => desk.calls('slots.scan')).toMatchObject([{ text: 'SN 7' }]);
    await desk.rest();
    await desk.page.keyboard.press('Space');
    await eventually(() => desk.page.getByTestId('slot-4').getAttribute('data-state')).toBe('ready');
    expect(await desk.page.getByTestId('slot-3').getAttribute('data-waits')).toBe('true');
  });

  it('with one slot fills the whole screen', async () => {
    const desk = await open({ slots: 1, language: 'en' });
    await desk.scan('SN1');
    await desk.station((harness) => harness.finish(1, 'ERROR', 'port-lost'));
    await desk.page.locator('[data-wash="ERROR"]').waitFor();
    expect(await desk.page.getByTestId('outcome-word').textContent()).toBe('ERROR');
    await desk.page.keyboard.press('F3');
    expect(await desk.page.getByTestId('technical').textContent()).toContain('port-lost');
    // The technical text does not stand in the way of the acknowledgement.
    await desk.rest();
    await desk.page.keyboard.press('Space');
    await eventually(() => desk.page.locator('[data-wash]').count()).toBe(0);
  });
});

describe('stopping', () => {
  it('one run stops at the first Esc, several ask for a second', async () => {
    const desk = await open({ scene: 'ready', slots: 3 });
    const { page } = desk;
    await desk.scan('SN1');
    await eventually(() => page.getByTestId('slot-1').getAttribute('data-appearance')).toBe('running');
    await page.keyboard.press('Escape');
    await eventually(() => page.getByTestId('slot-1').getAttribute('data-appearance')).toBe('stopping');
    expect(await desk.calls('slots.stop')).toEqual([{ slot: null }]);
    await desk.station((harness) => harness.finish(1, 'ABORTED', 'cancelled'));
    await page.keyboard.press('Space');

    await desk.scan('SN2');
    await desk.scan('SN3');
    await eventually(() => page.locator('[data-appearance="running"]').count()).toBe(2);
    await page.keyboard.press('Escape');
    await page.getByTestId('stop-confirm').waitFor();
    expect(await desk.calls('slots.stop')).toHaveLength(1);
    await page.keyboard.press('Escape');
    await eventually(() => page.locator('[data-appearance="stopping"]').count()).toBe(2);
    expect(await desk.calls('slots.stop')).toHaveLength(2);
  });

  it('Esc first clears what was not scanned to the end, and the confirmation expires', async () => {
    const desk = await open({ scene: 'running', slots: 4 });
    const { page } = desk;
    await page.keyboard.type('SN99', { delay: 45 });
    await page.keyboard.press('Escape');
    expect(await page.getByTestId('scan-input').inputValue()).toBe('');
    await page.keyboard.press('Escape');
    await page.getByTestId('stop-confirm').waitFor();
    await page.getByTestId('stop-confirm').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await page.getByTestId('stop-confirm').waitFor();
    expect(await desk.calls('slots.stop')).toEqual([]);
  });
});

describe('questions', () => {
  it('are large beside the slots, sound once, and are answered only once they were seen', async () => {
    const desk = await open({ slots: 4, language: 'en' });
    const { page } = desk;
    await desk.scan('SN1');
    await eventually(() => page.getByTestId('slot-1').getAttribute('data-appearance')).toBe('running');
    // An Enter that was on its way already answers nothing. In the page, or a busy computer would make it a late one.
    await desk.station(async (harness) => {
      harness.ask(1, 'pass-fail');
      while (document.querySelector('[data-testid="ask"]') === null) {
        await new Promise(requestAnimationFrame);
      }
      window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    });
    const ask = page.getByTestId('ask');
    expect(await desk.calls('slots.answer')).toEqual([]);
    expect(await page.getByTestId('slot-1').getAttribute('data-appearance')).toBe('asking');
    expect(await ask.textContent()).toContain('Is the light steady green?');
    expect(await desk.station((harness) => harness.sounds)).toEqual(['ask']);
    await page.locator('[data-testid="ask"][data-armed="true"]').waitFor();
    // Two presses in quick succession are one, as early as the first.
    await desk.rest();
    await page.keyboard.press('Enter');
    await eventually(() => desk.calls('slots.answer')).toMatchObject([{ slot: 1, answer: 'pass' }]);
    await ask.waitFor({ state: 'detached' });
    expect(await page.getByTestId('slot-1').getAttribute('data-appearance')).toBe('running');
    expect(await desk.station((harness) => harness.sounds)).toEqual(['ask']);
    expect(desk.complaints).toEqual([]);
  });

  it('of several slots take turns by Tab, by a tap and by code, and the scanner stays in its field', async () => {
    const desk = await open({ scene: 'ask-mixed', slots: 16, language: 'en' });
    const { page } = desk;
    const slot = (): Promise<string | null> => page.getByTestId('ask').getAttribute('data-slot');
    await eventually(slot).toBe('13');
    expect(await page.getByTestId('ask-others').textContent()).toMatch(/Also asking\D*1\D*4\D*5\D*9/);
    await page.keyboard.press('Tab');
    await eventually(slot).toBe('1');
    await page.getByTestId('slot-5').click();
    await eventually(slot).toBe('5');
    expect(await focused(desk)).toBe('scan-input');
    await desk.scan('#GW#SLOT,4#');
    await eventually(slot).toBe('4');
    await desk.scan('#GW#CHOICE,black#');
    await eventually(slot).toBe('13');
    await desk.scan('SN2611200099');
    await eventually(() => page.getByTestId('scan-message').textContent()).toContain('Started on slot 3');
    expect(await slot()).toBe('13');
    expect(desk.complaints).toEqual([]);
  });

  it('fit with their slots on both sizes of screen, in both languages', async () => {
    for (const language of ['zh-CN', 'en'] as const) {
      const desk = await open({ scene: 'ask-mixed', slots: 16, language });
      const scenes = [
        ...[1, 4, 16].map((slots) => ['ask-mixed', slots] as const),
        ...[16].map((slots) => ['long-question', slots] as const),
      ];
      for (const [scene, slots] of scenes) {
        await desk.page.evaluate(`window.harness.load('${scene}', ${slots})`);
        await eventually(() => desk.page.locator('article').count()).toBe(slots);
        await eventually(() => desk.page.getByTestId('ask').getAttribute('data-kind')).not.toBeNull();
        for (const size of SCREENS) {
          await desk.page.setViewportSize(size);
          await desk.page.evaluate(() => new Promise(requestAnimationFrame));
          expect(await desk.page.evaluate(layoutProblems), `${scene} ${slots} at ${size.width}`).toEqual([]);
        }
      }
    }
  });
});

describe('batches', () => {
  it('are chosen by arrows and Enter or by a number, and a scan is never taken for a number', async () => {
    const desk = await open({ scene: 'pick-batch' });
    const { page } = desk;
    await page.getByTestId('batch-picker').waitFor();
    // Open ones first, the newest on top: b-2, b-1, then the complete b-3.
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await eventually(() => desk.calls('batches.select')).toEqual([{ batchId: 'b-1' }]);
    await eventually(() => page.getByTestId('batch-name').textContent()).toBe('WO-20261120-017');

    await page.keyboard.press('F2');
    await page.getByTestId('batch-picker').waitFor();
    await desk.scan('3SN123');
    expect(await page.getByTestId('scan-message').textContent()).toContain('先选好批次');
    expect(await desk.calls('slots.scan')).toEqual([]);
    await desk.rest();
    await page.keyboard.press('1');
    await eventually(() => desk.calls('batches.select')).toHaveLength(2);
    await page.getByTestId('batch-picker').waitFor({ state: 'detached' });
    expect((await desk.calls('batches.select')).at(-1)).toEqual({ batchId: 'b-2' });
  });

  it('are not changed while a test runs', async () => {
    const desk = await open({ scene: 'running' });
    await desk.page.keyboard.press('F2');
    await eventually(() => desk.page.getByTestId('scan-message').textContent()).toContain('不能换批次');
    expect(await desk.page.getByTestId('batch-picker').count()).toBe(0);
  });
});
