import { describe, expect, it } from 'vitest';
import { layoutProblems } from './support/layout-problems.ts';
import { type OpenOptions, type OperatorPage, operatorPages } from './support/operator-page.ts';
import { eventually, scriptedPages } from './support/scripted-pages.ts';

const tabs = scriptedPages(operatorPages);

const open = (options?: OpenOptions): Promise<OperatorPage> => tabs().open(options);

async function focused(desk: OperatorPage): Promise<string | null> {
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
    expect(await desk.station((harness) => harness.tones)).toEqual(['refused', 'refused']);
  });
});

describe('results', () => {
  it('a FAIL stands until it is acknowledged, a PASS clears itself', async () => {
    const desk = await open({ slots: 2 });
    const [first, second] = [desk.page.getByTestId('slot-1'), desk.page.getByTestId('slot-2')];
    await desk.scan('SN1');
    await desk.scan('SN2');
    await eventually(() => second.getAttribute('data-state')).toBe('running');
    await desk.station(({ station, failureOf }) => {
      station.finish(1, 'FAIL', failureOf('device-silent'));
      station.finish(2, 'PASS', undefined, 60_000);
    });
    await eventually(() => first.getAttribute('data-outcome')).toBe('FAIL');
    expect(await second.getAttribute('data-outcome')).toBe('PASS');
    expect(await first.textContent()).toContain('产品没有应答');
    expect(await desk.station((harness) => harness.tones)).toEqual(['fail', 'pass']);

    await desk.station(({ station }) => station.finish(2, 'PASS', undefined, 0));
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
    await desk.station(({ station, failureOf }) => station.finish(1, 'ERROR', failureOf('port-lost')));
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
    await desk.station(({ station, failureOf }) => station.finish(1, 'ABORTED', failureOf('cancelled')));
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
    await desk.station(async ({ station, promptOf }) => {
      station.run(1, { prompt: promptOf(1, 'pass-fail', Date.now()) });
      while (document.querySelector('[data-testid="ask"]') === null) {
        await new Promise(requestAnimationFrame);
      }
      window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    });
    const ask = page.getByTestId('ask');
    expect(await desk.calls('slots.answer')).toEqual([]);
    expect(await page.getByTestId('slot-1').getAttribute('data-appearance')).toBe('asking');
    expect(await ask.textContent()).toContain('Is the light steady green?');
    expect(await desk.station((harness) => harness.tones)).toEqual(['ask']);
    await page.locator('[data-testid="ask"][data-armed="true"]').waitFor();
    // Two presses in quick succession are one, as early as the first.
    await desk.rest();
    await page.keyboard.press('Enter');
    await eventually(() => desk.calls('slots.answer')).toMatchObject([{ slot: 1, answer: 'pass' }]);
    await ask.waitFor({ state: 'detached' });
    expect(await page.getByTestId('slot-1').getAttribute('data-appearance')).toBe('running');
    expect(await desk.station((harness) => harness.tones)).toEqual(['ask']);
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

describe('the screen', () => {
  it('changes its language at once, what was said included, and remembers it', async () => {
    const desk = await open({ scene: 'mixed', slots: 16 });
    const { page } = desk;
    await desk.scan('BOX');
    await eventually(() => page.getByTestId('scan-message').textContent()).toContain('这不是本产品的序列号');
    await page.getByTestId('language').click();
    await eventually(() => page.getByTestId('scan-message').textContent()).toContain('not a serial number');
    expect(await page.getByTestId('slot-1').textContent()).toContain('Burn the triple');
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    const han = await page.locator('main').evaluate((main) => /\p{Script=Han}/u.test(main.textContent ?? ''));
    expect(han).toBe(false);
    await page.reload();
    await page.getByTestId('slot-1').waitFor();
    expect(await page.getByTestId('slot-4').textContent()).toContain('Ready');
    await page.keyboard.press('F6');
    await eventually(() => page.getByTestId('slot-4').textContent()).toContain('就绪');
  });

  it('changes between light, dark and the system', async () => {
    const desk = await open();
    const background = (): Promise<string> =>
      desk.page
        .locator('header')
        .first()
        .evaluate((element) => getComputedStyle(element).backgroundColor);
    const light = await background();
    await desk.page.getByTestId('theme').click();
    expect(await background()).toBe(light);
    await desk.page.getByTestId('theme').click();
    expect(await background()).not.toBe(light);
    expect(await desk.page.locator('html').getAttribute('data-theme')).toBe('dark');
  });

  it('shows every slot whole, without scrolling, on both sizes of screen', async () => {
    const desk = await open({ scene: 'mixed', slots: 1 });
    const { page } = desk;
    const scenes = [
      ...[1, 2, 3, 4, 5, 6, 8, 9, 12, 16].map((slots) => ['mixed', slots] as const),
      ...[4, 9, 16].map((slots) => ['long-names', slots] as const),
    ];
    for (const [scene, slots] of scenes) {
      await page.evaluate(`window.harness.load('${scene}', ${slots})`);
      await eventually(() => page.locator('article').count()).toBe(slots);
      for (const size of SCREENS) {
        await page.setViewportSize(size);
        await page.evaluate(() => new Promise(requestAnimationFrame));
        expect(await page.evaluate(layoutProblems), `${scene} ${slots} at ${size.width}`).toEqual([]);
      }
    }
    expect(desk.complaints).toEqual([]);
  });

  it('stays as it is while the wire is down, says so, and catches up', async () => {
    const desk = await open({ language: 'en' });
    const { page } = desk;
    await desk.scan('SN1');
    await eventually(() => page.getByTestId('slot-1').getAttribute('data-state')).toBe('running');
    await desk.station((harness) => {
      harness.unreachable = true;
      harness.cut();
    });
    await page.getByTestId('notice-connection').waitFor();
    expect(await page.getByTestId('slot-1').getAttribute('data-state')).toBe('running');
    await desk.scan('SN2');
    await eventually(() => page.getByTestId('scan-message').getAttribute('data-code')).toBe('disconnected');
    // Nobody knows what becomes of the test: the page does not say that it goes on.
    expect(await page.getByTestId('notice-connection').textContent()).toContain('does not answer');
    await page.evaluate(() => {
      const now = performance.now.bind(performance);
      Object.assign(window, { backToNow: () => (performance.now = now) });
      performance.now = () => now() + 3_000;
    });
    // After some seconds a slot is not said to be ready, long before somebody has to be called.
    await eventually(() => page.getByTestId('slot-1').locator('..').getAttribute('data-stale')).toBe('true');
    expect(await page.getByTestId('slot-2').textContent()).not.toContain('Ready');
    expect(await page.getByTestId('notice-connection').textContent()).toContain('does not answer');
    await page.evaluate(() => {
      const now = performance.now;
      performance.now = () => now() + 17_000;
    });
    await eventually(() => page.getByTestId('notice-connection').textContent()).toContain(
      'cannot be reached',
    );
    for (const words of ['Recorded results are safe', 'reconnects by itself', 'open its new link'])
      expect(await page.getByTestId('notice-connection').textContent()).toContain(words);
    expect(await page.getByTestId('notice-connection').textContent()).not.toContain('go on');
    expect(await page.getByTestId('slot-1').locator('..').getAttribute('data-stale')).toBe('true');
    expect(await page.getByTestId('scan-input').getAttribute('placeholder')).toBe('Station not reachable');
    expect(await page.getByTestId('slot-2').textContent()).not.toContain('Ready');
    await page.evaluate('backToNow()');

    await desk.station((harness) => {
      harness.station.finish(1, 'FAIL', harness.failureOf('device-rejected'));
      harness.unreachable = false;
    });
    await eventually(() => page.getByTestId('slot-1').getAttribute('data-outcome')).toBe('FAIL');
    await page.getByTestId('notice-connection').waitFor({ state: 'detached' });
    expect(await page.getByTestId('slot-1').locator('..').getAttribute('data-stale')).toBe('false');
    expect(await desk.station((harness) => harness.tones)).toEqual(['refused', 'fail']);
    // What was scanned without a station is not done behind the operator's back.
    expect(await desk.calls('slots.scan')).toMatchObject([{ text: 'SN1' }]);
  });

  it.each([-2, 24])(
    'answers, stops and shows a PASS as before when the computer’s clock is set by %i h',
    async (hours) => {
      const desk = await open({ scene: 'ask-pass-fail', slots: 3, language: 'en' });
      const { page } = desk;
      await page.locator('[data-testid="ask"][data-armed="true"]').waitFor();
      await page.evaluate((stepMs) => {
        const now = Date.now;
        Date.now = () => now() + stepMs;
      }, hours * 3_600_000);
      await page.keyboard.press('Enter');
      await eventually(() => desk.calls('slots.answer')).toMatchObject([{ slot: 1, answer: 'pass' }]);
      await page.keyboard.press('Escape');
      await page.getByTestId('stop-confirm').waitFor();
      expect(await page.getByTestId('stop-confirm').textContent()).toMatch(/[123]$/);
      await page.getByTestId('stop-confirm').waitFor({ state: 'detached' });
      await desk.station(({ station }) => station.finish(2, 'PASS', undefined, 600_000));
      await eventually(() => page.getByTestId('slot-2').getAttribute('data-outcome')).toBe('PASS');
      // A later PASS on another slot clears itself meanwhile.
      await desk.station(({ station }) => station.finish(3, 'PASS', undefined, 300));
      await eventually(() => page.getByTestId('slot-3').getAttribute('data-appearance')).toBe('ready');
      expect(await page.getByTestId('slot-2').getAttribute('data-outcome')).toBe('PASS');
    },
  );

  it('comes in through the desktop host as well, again after its core was restarted', async () => {
    const desk = await open({ wire: 'port' });
    await desk.scan('SN1');
    await eventually(() => desk.page.getByTestId('slot-1').getAttribute('data-state')).toBe('running');
    await desk.station((harness) => {
      harness.cut();
      harness.station.slot(2, { state: 'unavailable' });
    });
    await eventually(() => desk.page.getByTestId('slot-2').getAttribute('data-state')).toBe('unavailable');
    expect(desk.complaints).toEqual([]);
  });

  it('names what a unit goes by for what it is: a serial number is no MAC', async () => {
    const desk = await open({ language: 'en' });
    const { page } = desk;
    await desk.scan('SN1');
    await eventually(() => page.getByTestId('slot-1').getAttribute('data-state')).toBe('running');
    const says = (chipId: string, kind: string, text: string) =>
      page.evaluate(`window.harness.station.run(1, ${JSON.stringify({ chipId, unitId: { kind, text } })})`);
    const shown = () => page.getByTestId('slot-1').getByTestId('unit-id').textContent();
    await says('54383830303432', 'serial-number', 'T880042');
    await eventually(shown).toBe("Device's serial number T880042");
    await says('F001020304', 'chip-id', 'F0:01:02:03:04');
    await eventually(shown).toBe('Chip id F0:01:02:03:04');
    await says('A2B7F218E0B4', 'mac', 'A2:B7:F2:18:E0:B4');
    await eventually(shown).toBe('A2:B7:F2:18:E0:B4');
  });

  it('says what to do when there is nothing to work with', async () => {
    const desk = await open({ slots: 0, language: 'en' });
    const { page } = desk;
    expect(await page.getByTestId('no-slots').textContent()).toContain('Ask the engineer');
    for (const [scene, testId, words] of [
      ['no-batches', 'no-batches', 'Ask the engineer to create one'],
      ['batch-complete', 'notice-batch-complete', 'choose the next batch'],
      ['pool-empty', 'notice-pool-empty', 'Ask the engineer for more triples'],
      ['pool-low', 'notice-pool-low', 'Tell the engineer'],
      ['parked', 'notice-parked', 'Tell support'],
      ['pool-soon', 'notice-pool-low', 'no triples are left in about 48 min (165 now)'],
      ['pool-soon', 'pool-lasts', 'for about 48 min'],
      [
        'pool-full',
        'notice-pool-low',
        'no triples that any unit may have are left in about 48 min (125 now)',
      ],
      ['pool-full', 'pool-bound', '40 reserved'],
      ['arriving', 'slot-1', 'it starts by itself'],
      ['disk-low', 'notice-disk-low', 'will be full in about 42 min'],
      ['drifting', 'notice-drift', 'vcc is drifting: in about 42 units it reaches its limit 3.5 V'],
    ] as const) {
      await page.evaluate(`window.harness.load('${scene}', 4)`);
      await eventually(() => page.getByTestId(testId).textContent()).toContain(words);
    }
    expect(await page.getByTestId('first-pass').textContent()).toMatch(/^\d+(\.\d)?%$/);
    expect(await page.getByTestId('last-hour').textContent()).toMatch(/^\d+(\.\d)?%$/);
    // A slot on which nothing can be started is not called ready.
    for (const [scene, words] of [
      ['batch-complete', 'On hold'],
      ['disk-full', 'The disk is full'],
      ['pool-empty', 'No triples are left'],
    ] as const) {
      await page.evaluate(`window.harness.load('${scene}', 4)`);
      await eventually(() => page.getByTestId('slot-1').textContent()).toContain(words);
      expect(await page.getByTestId('slot-1').textContent()).not.toContain('Ready');
    }
    // Nor is one on hold for triples that its recipe does not burn.
    await page.evaluate(`window.harness.load('pool-unneeded', 4)`);
    await eventually(() => page.getByTestId('slot-1').textContent()).toContain('Ready');
    expect(await page.getByTestId('notice-pool-empty').count()).toBe(0);
    expect(await page.getByTestId('pool').count()).toBe(0);
    await page.evaluate(`window.harness.load('offline', 4)`);
    await eventually(() => page.getByTestId('sync').textContent()).toContain('Offline');
  });
});
