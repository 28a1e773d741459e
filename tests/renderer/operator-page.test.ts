import { describe, expect, it } from 'vitest';
import { createTranslator } from '#services/i18n/index.ts';
import { layoutProblems } from './support/layout-problems.ts';
import { type DevPage, openDevPages, type OpenOptions } from './support/dev-page.ts';
import { eventually, devPages } from './support/dev-pages.ts';
import { LONG } from '../support/depth.ts';
import { inTurn, TURN } from '../support/rotation.ts';

const tabs = devPages(openDevPages);

const open = (options?: OpenOptions): Promise<DevPage> => tabs().open(options);

async function focused(screen: DevPage): Promise<string | null> {
  return screen.page.evaluate(() => document.activeElement?.getAttribute('data-testid') ?? null);
}

interface Screen {
  readonly width: number;
  readonly height: number;
}
const SCREENS: readonly [Screen, Screen] = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
];
/** One size for each scene; neighbours get different ones. `npm test -- --long` looks at all. */
const screensAt = (place: number): readonly Screen[] => (LONG ? SCREENS : [inTurn(SCREENS, place + TURN)]);

describe('the scanner', () => {
  it('is heard whole, wherever the focus went and whatever lies on top', async () => {
    const screen = await open();
    const { page } = screen;
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
      // As slowly as a person, so that a pause of a busy computer does not end a line.
      await page.keyboard.type(serial.slice(0, 4), { delay: 45 });
      await disturb();
      await page.keyboard.type(serial.slice(4));
      await page.keyboard.press('Enter');
      expected.push(serial);
      expect(await focused(screen)).toBe('scan-input');
    }
    await eventually(() => screen.calls('slots.scan')).toMatchObject(expected.map((text) => ({ text })));
    expect(screen.complaints).toEqual([]);
  });

  it('says what was scanned and what came of it', async () => {
    const screen = await open({ language: 'en' });
    const message = screen.page.getByTestId('scan-message');
    await screen.scan('#GW#SLOT,3#');
    await eventually(() => message.textContent()).toContain('Slot 3 is selected');
    await screen.scan('SN2611200042');
    await eventually(() => message.textContent()).toContain('Started on slot 3');
    expect(await screen.page.getByTestId('slot-3').getAttribute('data-state')).toBe('running');
    expect(await screen.page.getByTestId('last-scan').textContent()).toBe('SN2611200042');
    // The result is cleared: the slot is ready for the next unit, and nothing says that it tests one.
    await screen.station((harness) => {
      // Time stands still: the message does not go because it is old.
      const nowMs = performance.now();
      performance.now = () => nowMs;
      harness.finish(3, 'PASS');
    });
    await eventually(() => screen.page.getByTestId('slot-3').getAttribute('data-outcome')).toBe('PASS');
    await screen.station((harness) => harness.slot(3, { state: 'ready', run: null, clearsAtMs: null }));
    await eventually(() => screen.page.getByTestId('slot-3').getAttribute('data-state')).toBe('ready');
    await eventually(() => message.isVisible()).toBe(false);
    await screen.station(() => Reflect.deleteProperty(performance, 'now'));

    await screen.scan('BOX-17');
    await eventually(() => message.getAttribute('data-code')).toBe('serial-malformed');
    expect(await message.textContent()).toContain('It looks like this: SN2611200001');
    await screen.scan('#GW#SLOT,9#');
    await eventually(() => message.getAttribute('data-code')).toBe('slot-unknown');
    expect(await screen.station((harness) => harness.sounds)).toEqual(['pass', 'refused', 'refused']);
  });
});

describe('results', () => {
  it('a FAIL stands until it is acknowledged, a PASS clears itself', async () => {
    const screen = await open({ slots: 2 });
    const [first, second] = [screen.page.getByTestId('slot-1'), screen.page.getByTestId('slot-2')];
    await screen.scan('SN1');
    await screen.scan('SN2');
    await eventually(() => second.getAttribute('data-state')).toBe('running');
    await screen.station((harness) => {
      harness.finish(1, 'FAIL', 'device-silent');
      harness.finish(2, 'PASS', null, 60_000);
    });
    await eventually(() => first.getAttribute('data-outcome')).toBe('FAIL');
    expect(await second.getAttribute('data-outcome')).toBe('PASS');
    expect(await first.textContent()).toContain('产品没有应答');
    expect(await screen.station((harness) => harness.sounds)).toEqual(['fail', 'pass']);

    await screen.station((harness) => harness.finish(2, 'PASS', null, 0));
    await eventually(() => second.getAttribute('data-appearance')).toBe('ready');
    expect(await first.getAttribute('data-outcome')).toBe('FAIL');
    expect(await first.getAttribute('data-waits')).toBe('true');

    await screen.page.keyboard.press('Space');
    await eventually(() => first.getAttribute('data-state')).toBe('ready');
    expect(await screen.calls('slots.acknowledge')).toEqual([{ slot: null }]);
    expect(await screen.calls('slots.scan')).toHaveLength(2);
  });

  it('says the sentences of a failure with a blank between them', async () => {
    const screen = await open({ scene: 'mixed', slots: 16, language: 'en' });
    const text = await screen.page.getByTestId('slot-13').locator('.tile-lines').textContent();
    expect(text).toMatch(/\(limit ≥ -70 dBm\)\s+\p{Lu}/u);
  });

  it('Space takes the result that waited longest, and inside a scan it is a character', async () => {
    const screen = await open({ scene: 'fail', slots: 4 });
    // In this scene slot 4 finished first.
    expect(await screen.page.getByTestId('waiting').textContent()).toContain('4');
    await screen.scan('SN 7');
    await eventually(() => screen.calls('slots.scan')).toMatchObject([{ text: 'SN 7' }]);
    await screen.rest();
    await screen.page.keyboard.press('Space');
    await eventually(() => screen.page.getByTestId('slot-4').getAttribute('data-state')).toBe('ready');
    expect(await screen.page.getByTestId('slot-3').getAttribute('data-waits')).toBe('true');
  });

  it.each(['zh-CN', 'en'] as const)(
    'the technical panel says what the tile says, in %s, and folds the English of the station',
    async (language) => {
      const screen = await open({ slots: 1, language });
      await screen.scan('SN1');
      await screen.station((harness) => harness.finish(1, 'FAIL', 'device-rejected'));
      const tile = screen.page.getByTestId('slot-1');
      await eventually(() => tile.getAttribute('data-appearance')).not.toBe('running');
      await screen.page.locator('[data-wash="FAIL"]').waitFor();
      await screen.page.keyboard.press('F3');
      const { message, action } = createTranslator(language).fault('device-rejected');
      const said = await screen.page.getByTestId('technical').locator('dl').textContent();
      expect(said).toContain(message);
      expect(said).toContain(action);
      const english = screen.page.getByTestId('technical-text');
      expect(await english.isVisible()).toBe(false);
      expect(await english.textContent()).not.toBe('');
      expect(await english.textContent()).not.toContain('once more');
    },
  );

  it('with one slot fills the whole screen', async () => {
    const screen = await open({ slots: 1, language: 'en' });
    await screen.scan('SN1');
    await screen.station((harness) => harness.finish(1, 'ERROR', 'port-lost'));
    await screen.page.locator('[data-wash="ERROR"]').waitFor();
    expect(await screen.page.getByTestId('outcome-word').textContent()).toBe('ERROR');
    await screen.page.keyboard.press('F3');
    expect(await screen.page.getByTestId('technical').textContent()).toContain('port-lost');
    // The technical panel does not block the acknowledgement.
    await screen.rest();
    await screen.page.keyboard.press('Space');
    await eventually(() => screen.page.locator('[data-wash]').count()).toBe(0);
  });
});

describe('stopping', () => {
  it('one run stops at the first Esc, several ask for a second', async () => {
    const screen = await open({ scene: 'ready', slots: 3 });
    const { page } = screen;
    await screen.scan('SN1');
    await eventually(() => page.getByTestId('slot-1').getAttribute('data-appearance')).toBe('running');
    await page.keyboard.press('Escape');
    await eventually(() => page.getByTestId('slot-1').getAttribute('data-appearance')).toBe('stopping');
    expect(await screen.calls('slots.stop')).toEqual([{ slot: null }]);
    await screen.station((harness) => harness.finish(1, 'ABORTED', 'cancelled'));
    await page.keyboard.press('Space');

    await screen.scan('SN2');
    await screen.scan('SN3');
    await eventually(() => page.locator('[data-appearance="running"]').count()).toBe(2);
    await page.keyboard.press('Escape');
    await page.getByTestId('stop-confirm').waitFor();
    expect(await screen.calls('slots.stop')).toHaveLength(1);
    await page.keyboard.press('Escape');
    await eventually(() => page.locator('[data-appearance="stopping"]').count()).toBe(2);
    expect(await screen.calls('slots.stop')).toHaveLength(2);
  });

  it('Esc first clears what was not scanned to the end, and the confirmation expires', async () => {
    const screen = await open({ scene: 'running', slots: 4 });
    const { page } = screen;
    await page.keyboard.type('SN99', { delay: 45 });
    await page.keyboard.press('Escape');
    expect(await page.getByTestId('scan-input').inputValue()).toBe('');
    await page.keyboard.press('Escape');
    await page.getByTestId('stop-confirm').waitFor();
    await page.getByTestId('stop-confirm').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await page.getByTestId('stop-confirm').waitFor();
    expect(await screen.calls('slots.stop')).toEqual([]);
  });
});

describe('questions', () => {
  it('are large beside the slots, sound once, and are answered only once they were seen', async () => {
    const screen = await open({ slots: 4, language: 'en' });
    const { page } = screen;
    await screen.scan('SN1');
    await eventually(() => page.getByTestId('slot-1').getAttribute('data-appearance')).toBe('running');
    // An Enter that was on its way already answers nothing.
    await screen.station(async (harness) => {
      const pressedAtMs = performance.now();
      harness.ask(1, 'pass-fail');
      while (document.querySelector('[data-testid="ask"]') === null) {
        await new Promise(requestAnimationFrame);
      }
      pressKey('Enter', pressedAtMs);
    });
    const ask = page.getByTestId('ask');
    expect(await screen.calls('slots.answer')).toEqual([]);
    expect(await page.getByTestId('slot-1').getAttribute('data-appearance')).toBe('asking');
    expect(await ask.textContent()).toContain('Is the light steady green?');
    expect(await screen.station((harness) => harness.sounds)).toEqual(['ask']);
    await page.locator('[data-testid="ask"][data-armed="true"]').waitFor();
    // Two presses in quick succession count as one, at the time of the first.
    await screen.rest();
    await page.keyboard.press('Enter');
    await eventually(() => screen.calls('slots.answer')).toMatchObject([{ slot: 1, answer: 'pass' }]);
    await ask.waitFor({ state: 'detached' });
    expect(await page.getByTestId('slot-1').getAttribute('data-appearance')).toBe('running');
    expect(await screen.station((harness) => harness.sounds)).toEqual(['ask']);
    expect(screen.complaints).toEqual([]);
  });

  it('that are asked again because of the answer say why, and the answer is not shown as taken', async () => {
    const screen = await open({ scene: 'label-refused', slots: 2, language: 'en' });
    const { page } = screen;
    expect(await screen.text('ask-refused')).toContain('the label of SN2611200018');
    expect(await screen.text('ask-question')).toBe(
      'The unit passed. Put the label of SN2611200001 on it, then scan it.',
    );
    await screen.rest();
    await screen.scan('{"v":1,"pid":"GWDEMO0001","dn":"dev_4118","sn":"X118"}');
    const message = page.getByTestId('scan-message');
    await eventually(() => message.textContent()).toContain('Taken for slot 1');
    // The station judges a label after it has taken the answer.
    await screen.station((harness) => {
      harness.ask(1, 'scan');
      const asked = harness.station.state('slots').slots[0]?.run?.prompt ?? null;
      const refused = { 'zh-CN': '这是 X118 的标签。', en: 'This is the label of X118.' };
      if (asked !== null) harness.run(1, { prompt: { ...asked, promptId: 'again', refused } });
    });
    await eventually(() => message.getAttribute('data-kind')).toBe('refused');
    expect(await message.textContent()).toMatch(
      /Answered X118.*Not accepted at slot 1.*This is the label of X118\./s,
    );
    expect(await screen.station((harness) => harness.sounds.at(-1))).toBe('refused');
    expect(screen.complaints).toEqual([]);
  });

  it('of several slots take turns by Tab, by a tap and by code, and the scanner stays in its field', async () => {
    const screen = await open({ scene: 'ask-mixed', slots: 16, language: 'en' });
    const { page } = screen;
    const slot = (): Promise<string | null> => page.getByTestId('ask').getAttribute('data-slot');
    await eventually(slot).toBe('13');
    expect(await page.getByTestId('ask-others').textContent()).toMatch(/Also waiting\D*1\D*4\D*5\D*9/);
    await page.keyboard.press('Tab');
    await eventually(slot).toBe('1');
    await page.getByTestId('slot-5').click();
    await eventually(slot).toBe('5');
    expect(await focused(screen)).toBe('scan-input');
    await screen.scan('#GW#SLOT,4#');
    await eventually(slot).toBe('4');
    await screen.scan('#GW#CHOICE,black#');
    await eventually(slot).toBe('13');
    await screen.scan('SN2611200099');
    await eventually(() => page.getByTestId('scan-message').textContent()).toContain('Started on slot 3');
    expect(await slot()).toBe('13');
    expect(screen.complaints).toEqual([]);
  });

  it.runIf(LONG)('fit with their slots on both sizes of screen, in both languages', async () => {
    for (const [turn, language] of (['zh-CN', 'en'] as const).entries()) {
      const screen = await open({ scene: 'ask-mixed', slots: 16, language });
      const scenes = [
        ...[1, 4, 16].map((slots) => ['ask-mixed', slots] as const),
        ...[16].map((slots) => ['long-question', slots] as const),
      ];
      for (const [place, [scene, slots]] of scenes.entries()) {
        await screen.page.evaluate(`window.harness.load('${scene}', ${slots})`);
        await eventually(() => screen.page.locator('article').count()).toBe(slots);
        await eventually(() => screen.page.getByTestId('ask').getAttribute('data-kind')).not.toBeNull();
        for (const size of screensAt(place + turn)) {
          await screen.page.setViewportSize(size);
          await screen.page.evaluate(() => new Promise(requestAnimationFrame));
          expect(await screen.page.evaluate(layoutProblems), `${scene} ${slots} at ${size.width}`).toEqual(
            [],
          );
        }
      }
    }
  });
});

describe('batches', () => {
  it('are chosen by arrows and Enter or by a number, and a scan is never taken for a number', async () => {
    const screen = await open({ scene: 'pick-batch' });
    const { page } = screen;
    await page.getByTestId('batch-picker').waitFor();
    // Open ones first, the newest on top: b-2, b-1, then the complete b-3.
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await eventually(() => screen.calls('batches.select')).toEqual([{ batchId: 'b-1' }]);
    await eventually(() => page.getByTestId('batch-name').textContent()).toBe('WO-20261120-017');

    await page.keyboard.press('F2');
    await page.getByTestId('batch-picker').waitFor();
    await screen.scan('3SN123');
    expect(await page.getByTestId('scan-message').textContent()).toContain('先选好批次');
    expect(await screen.calls('slots.scan')).toEqual([]);
    await screen.rest();
    await page.keyboard.press('1');
    await eventually(() => screen.calls('batches.select')).toHaveLength(2);
    await page.getByTestId('batch-picker').waitFor({ state: 'detached' });
    expect((await screen.calls('batches.select')).at(-1)).toEqual({ batchId: 'b-2' });
  });

  it('are not changed while a test runs', async () => {
    const screen = await open({ scene: 'running' });
    await screen.page.keyboard.press('F2');
    await eventually(() => screen.page.getByTestId('scan-message').textContent()).toContain('不能换批次');
    expect(await screen.page.getByTestId('batch-picker').count()).toBe(0);
  });
});
