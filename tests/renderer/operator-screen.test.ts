import { describe, expect, it } from 'vitest';
import { layoutProblems } from './support/layout-problems.ts';
import { type DevPage, openDevPages, type OpenOptions } from './support/dev-page.ts';
import { eventually, devPages } from './support/dev-pages.ts';
import { LONG } from '../support/depth.ts';
import { partOf, inTurn, TURN } from '../support/rotation.ts';

const tabs = devPages(openDevPages);

const open = (options?: OpenOptions): Promise<DevPage> => tabs().open(options);

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

describe('the screen', () => {
  it('changes its language at once, what was said included, and remembers it', async () => {
    const screen = await open({ scene: 'mixed', slots: 16 });
    const { page } = screen;
    await screen.scan('BOX');
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
    const screen = await open();
    const background = (): Promise<string> =>
      screen.page
        .locator('header')
        .first()
        .evaluate((element) => getComputedStyle(element).backgroundColor);
    const light = await background();
    await screen.page.getByTestId('theme').click();
    expect(await background()).toBe(light);
    await screen.page.getByTestId('theme').click();
    expect(await background()).not.toBe(light);
    expect(await screen.page.locator('html').getAttribute('data-theme')).toBe('dark');
  });

  it('shows of a flash the stage, the image, the speed and the share', async () => {
    const { page } = await open({ scene: 'flashing', slots: 4, language: 'en' });
    const transfer = (slot: number) => page.getByTestId(`slot-${slot}`).getByTestId('transfer');
    expect(await transfer(1).textContent()).toBe('Writing lamp-app.bin · 1,188 kbit/s');
    // The time that is left is never cut off by a long name.
    const share = page.getByTestId('slot-1').getByTestId('transfer-share');
    expect(await share.textContent()).toMatch(/^0:03 left · \d+%$/);
    expect(await share.evaluate((e) => e.scrollWidth <= e.clientWidth)).toBe(true);
    const bar = page.getByTestId('slot-1').getByRole('progressbar');
    expect(await bar.getAttribute('aria-valuenow')).toBe('60');
    expect(await page.getByTestId('slot-1').textContent()).toContain('59%');
    expect(await transfer(2).textContent()).toBe('Verifying lamp-app.bin · 1,188 kbit/s');
    expect(await transfer(3).textContent()).toBe('Connecting');
    await page.getByTestId('language').click();
    await eventually(() => transfer(3).textContent()).toBe('正在连接');
  });

  it('shows every slot whole, without scrolling, on both sizes of screen', async () => {
    const screen = await open({ scene: 'mixed', slots: 1 });
    const { page } = screen;
    const scenes = [
      ...[1, 2, 3, 4, 5, 6, 8, 9, 12, 16].map((slots) => ['mixed', slots] as const),
      ...[4, 9, 16].map((slots) => ['long-names', slots] as const),
      ...[1, 4, 16].map((slots) => ['flashing', slots] as const),
    ];
    for (const [place, [scene, slots]] of scenes.entries()) {
      await page.evaluate(`window.harness.load('${scene}', ${slots})`);
      await eventually(() => page.locator('article').count()).toBe(slots);
      for (const size of screensAt(place)) {
        await page.setViewportSize(size);
        await page.evaluate(() => new Promise(requestAnimationFrame));
        expect(await page.evaluate(layoutProblems), `${scene} ${slots} at ${size.width}`).toEqual([]);
      }
    }
    expect(screen.complaints).toEqual([]);
  });

  it.each(['zh-CN', 'en'] as const)(
    'says whole why a scan was refused, on every screen: %s',
    async (language) => {
      const screen = await open({ language });
      const { page } = screen;
      await screen.scan('garbage');
      await eventually(() => page.getByTestId('scan-message').getAttribute('data-kind')).toBe('refused');
      for (const size of [...SCREENS, { width: 1024, height: 768 }, { width: 360, height: 740 }]) {
        await page.setViewportSize(size);
        await page.evaluate(() => new Promise(requestAnimationFrame));
        expect(await page.evaluate(layoutProblems), `at ${size.width}`).toEqual([]);
      }
    },
  );

  it('stays as it is while the wire is down, says so, and catches up', async () => {
    const screen = await open({ language: 'en' });
    const { page } = screen;
    await screen.scan('SN1');
    await eventually(() => page.getByTestId('slot-1').getAttribute('data-state')).toBe('running');
    await screen.station((harness) => {
      harness.connection.unreachable = true;
      harness.connection.cut();
    });
    await page.getByTestId('notice-connection').waitFor();
    expect(await page.getByTestId('slot-1').getAttribute('data-state')).toBe('running');
    await screen.scan('SN2');
    await eventually(() => page.getByTestId('scan-message').getAttribute('data-code')).toBe('disconnected');
    // The state of the test is unknown: the page does not show that it continues.
    expect(await page.getByTestId('notice-connection').textContent()).toContain('does not answer');
    await page.evaluate(() => {
      const now = performance.now.bind(performance);
      Object.assign(window, { backToNow: () => (performance.now = now) });
      performance.now = () => now() + 3_000;
    });
    // After some seconds slots are no longer shown as ready, before the operator is told to call for help.
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
    for (const words of ['Recorded results are safe', 'tries to reconnect by itself', 'open its new link'])
      expect(await page.getByTestId('notice-connection').textContent()).toContain(words);
    expect(await page.getByTestId('notice-connection').textContent()).not.toContain('go on');
    expect(await page.getByTestId('slot-1').locator('..').getAttribute('data-stale')).toBe('true');
    expect(await page.getByTestId('scan-input').getAttribute('placeholder')).toBe('Station not reachable');
    expect(await page.getByTestId('slot-2').textContent()).not.toContain('Ready');
    await page.evaluate('backToNow()');

    await screen.station((harness) => {
      harness.finish(1, 'FAIL', 'device-rejected');
      harness.connection.unreachable = false;
    });
    await eventually(() => page.getByTestId('slot-1').getAttribute('data-outcome')).toBe('FAIL');
    await page.getByTestId('notice-connection').waitFor({ state: 'detached' });
    expect(await page.getByTestId('slot-1').locator('..').getAttribute('data-stale')).toBe('false');
    expect(await screen.station((harness) => harness.sounds)).toEqual(['refused', 'fail']);
    // A scan without a station is not executed later.
    expect(await screen.calls('slots.scan')).toMatchObject([{ text: 'SN1' }]);
  });

  it.each(partOf([-2, 24], 1))(
    'answers, stops and shows a PASS as before when the computer’s clock is set by %i h',
    async (hours) => {
      const screen = await open({ scene: 'ask-pass-fail', slots: 3, language: 'en' });
      const { page } = screen;
      await page.locator('[data-testid="ask"][data-armed="true"]').waitFor();
      await page.evaluate((stepMs) => {
        const now = Date.now;
        Date.now = () => now() + stepMs;
      }, hours * 3_600_000);
      await page.keyboard.press('Enter');
      await eventually(() => screen.calls('slots.answer')).toMatchObject([{ slot: 1, answer: 'pass' }]);
      await page.keyboard.press('Escape');
      await page.getByTestId('stop-confirm').waitFor();
      expect(await page.getByTestId('stop-confirm').textContent()).toMatch(/[123]$/);
      await page.getByTestId('stop-confirm').waitFor({ state: 'detached' });
      await screen.station((harness) => harness.finish(2, 'PASS', null, 600_000));
      await eventually(() => page.getByTestId('slot-2').getAttribute('data-outcome')).toBe('PASS');
      // A later PASS on another slot is cleared automatically.
      await screen.station((harness) => harness.finish(3, 'PASS', null, 300));
      await eventually(() => page.getByTestId('slot-3').getAttribute('data-appearance')).toBe('ready');
      expect(await page.getByTestId('slot-2').getAttribute('data-outcome')).toBe('PASS');
    },
  );

  it('comes in through the desktop host as well, again after its core was restarted', async () => {
    const screen = await open({ transport: 'port' });
    await screen.scan('SN1');
    await eventually(() => screen.page.getByTestId('slot-1').getAttribute('data-state')).toBe('running');
    await screen.station((harness) => {
      harness.connection.cut();
      harness.slot(2, { state: 'unavailable' });
    });
    await eventually(() => screen.page.getByTestId('slot-2').getAttribute('data-state')).toBe('unavailable');
    expect(screen.complaints).toEqual([]);
  });

  it('names what a unit goes by for what it is: a serial number is no MAC', async () => {
    const screen = await open({ language: 'en' });
    const { page } = screen;
    await screen.scan('SN1');
    await eventually(() => page.getByTestId('slot-1').getAttribute('data-state')).toBe('running');
    const expectText = (chipId: string, kind: string, text: string) =>
      page.evaluate(`window.harness.run(1, ${JSON.stringify({ chipId, unitId: { kind, text } })})`);
    const shown = () => page.getByTestId('slot-1').getByTestId('unit-id').textContent();
    await expectText('54383830303432', 'serial-number', 'T880042');
    await eventually(shown).toBe("Device's serial number T880042");
    await expectText('F001020304', 'chip-id', 'F0:01:02:03:04');
    await eventually(shown).toBe('Chip id F0:01:02:03:04');
    await expectText('A2B7F218E0B4', 'mac', 'A2:B7:F2:18:E0:B4');
    await eventually(shown).toBe('A2:B7:F2:18:E0:B4');
  });

  it('says what to do when there is nothing to work with', async () => {
    const screen = await open({ slots: 0, language: 'en' });
    const { page } = screen;
    expect(await page.getByTestId('no-slots').textContent()).toContain('The engineer presses F9');
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
    // A slot on which no unit can be started is not shown as ready.
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
