import { describe, expect, it } from 'vitest';
import { LINE_END_MS } from '#shared/domain/scan/index.ts';
import { layoutProblems } from './support/layout-problems.ts';
import { type DevPage, openDevPages } from './support/dev-page.ts';
import { eventually, devPages } from './support/dev-pages.ts';
import { scanKeys, scannedLine } from '../kit/scan-keys.ts';
import { LONG } from '../support/depth.ts';

const tabs = devPages(openDevPages);

/** A station that was killed, and one that does not answer on an open connection. */
const WAYS = [
  [
    'gone',
    4,
    (screen: DevPage) =>
      screen.station((harness) => {
        harness.connection.unreachable = true;
        harness.connection.cut();
      }),
    (screen: DevPage) => screen.station((harness) => void (harness.connection.unreachable = false)),
  ],
  [
    'silent',
    1,
    (screen: DevPage) => screen.station((harness) => void (harness.connection.silent = true)),
    (screen: DevPage) => screen.station((harness) => void (harness.connection.silent = false)),
  ],
] as const;

async function answersOf(screen: DevPage): Promise<unknown[]> {
  return [...(await screen.calls('slots.answer')), ...(await screen.calls('slots.scan'))];
}

describe('a question of a station', () => {
  it.each(WAYS)(
    'that is %s cannot be answered, and the page with %i slots says so',
    async (_, slots, lose, find) => {
      const screen = await tabs().open({ scene: 'ask-pass-fail', slots, language: 'en' });
      const { page } = screen;
      await page.locator('[data-testid="ask"][data-armed="true"]').waitFor();
      await lose(screen);
      const note = page.getByTestId('ask-unanswered');
      await note.waitFor();
      expect(await note.textContent()).toContain('cannot be answered at present');
      expect(await page.evaluate(layoutProblems)).toEqual([]);

      for (const [index, act] of [
        () => page.keyboard.press('Enter'),
        () => page.keyboard.press('n'),
        () => page.getByTestId('answer-pass').click(),
        () => screen.scan('#GW#PASS#'),
        () => screen.scan('SN77'),
      ].entries()) {
        await screen.rest();
        await act();
        const refused = () =>
          screen.station(({ sounds }) => sounds.filter((tone) => tone === 'refused').length);
        await eventually(refused).toBe(index + 1);
        expect(await page.getByTestId('scan-message').textContent()).toContain('The page lost the station');
      }
      await find(screen);
      await note.waitFor({ state: 'detached' });
      expect(await answersOf(screen)).toEqual([]);
      // The question is still open, and is answered now.
      await screen.rest();
      await page.keyboard.press('Enter');
      await eventually(() => answersOf(screen)).toMatchObject([{ slot: 1, answer: 'pass' }]);
    },
  );

  it('in words keeps what was written while nobody answered', async () => {
    const screen = await tabs().open({ scene: 'ask-text', slots: 4, language: 'zh-CN' });
    const { page } = screen;
    await page.getByTestId('ask-input').waitFor();
    await page.keyboard.type('Wh', { delay: 150 });
    await WAYS[0][2](screen);
    await page.getByTestId('ask-unanswered').waitFor();
    await page.keyboard.type('ite', { delay: 150 });
    await screen.rest();
    await page.keyboard.press('Enter');
    await eventually(() => page.getByTestId('scan-message').getAttribute('data-kind')).toBe('refused');
    expect(await page.getByTestId('ask-input').inputValue()).toBe('White');
    await WAYS[0][3](screen);
    await page.getByTestId('ask-unanswered').waitFor({ state: 'detached' });
    expect(await answersOf(screen)).toEqual([]);
    await page.keyboard.press('Enter');
    await eventually(() => answersOf(screen)).toMatchObject([{ answer: 'White' }]);
  });
});

it.runIf(LONG)(
  'what was asked just before the silence is not done after it, nor what was asked behind it',
  async () => {
    const screen = await tabs().open({ scene: 'ready', slots: 4, language: 'en' });
    const { page } = screen;
    await screen.scan('SN1');
    await eventually(() => screen.calls('slots.scan')).toHaveLength(1);
    await screen.station((harness) => void (harness.connection.silent = true));
    await screen.scan('SN2');
    await screen.scan('SN3');
    await page.getByTestId('notice-connection').waitFor();
    await eventually(() => page.getByTestId('scan-message').getAttribute('data-code')).toBe('disconnected');
    await page.waitForTimeout(5_000);
    await screen.station((harness) => void (harness.connection.silent = false));
    await page.getByTestId('notice-connection').waitFor({ state: 'detached' });
    await screen.rest();
    expect(await screen.calls('slots.scan')).toMatchObject([{ text: 'SN1' }]);
    expect(await page.getByTestId('scan-message').getAttribute('data-code')).toBe('disconnected');
  },
);

it.each(WAYS)(
  'a station that was %s is told of every read that it did not hear, and when',
  async (_, slots, lose, find) => {
    const screen = await tabs().open({ scene: 'ask-text', slots, language: 'en' });
    const { page } = screen;
    await page.getByTestId('ask-input').waitFor();
    await lose(screen);
    await page.getByTestId('ask-unanswered').waitFor();
    const lines = ['SN000001', 'SN000002', 'SN000001'].map(scannedLine);
    const pauses = lines.map(([, ...others]) => [LINE_END_MS + 50, ...others.map(() => 5)]);
    await scanKeys(page, lines.flat(), pauses.flat());
    await screen.rest();
    await find(screen);
    await eventually(() => screen.calls('slots.reportUnusedScan')).toHaveLength(2);
    const [first, second] = (await screen.calls('slots.reportUnusedScan')) as {
      text: string;
      pressed: { firstMsAgo: number; lastMsAgo: number };
    }[];
    // Repeated reads of one label are one entry.
    expect([first?.text, second?.text]).toEqual(['SN000001', 'SN000002']);
    const lasted = ({ firstMsAgo, lastMsAgo }: { firstMsAgo: number; lastMsAgo: number }) =>
      firstMsAgo - lastMsAgo;
    expect(lasted(first?.pressed ?? { firstMsAgo: 0, lastMsAgo: 0 })).toBeGreaterThan(800);
    expect(second?.pressed.lastMsAgo).toBeGreaterThan(first?.pressed.lastMsAgo ?? 0);
    expect(await answersOf(screen)).toEqual([]);
  },
);

/** A scanner types the rest of a line, from now on: the page receives the keys as soon as it can. */
function typeWhenHeard(): void {
  const pressedAtMs = performance.now();
  const observer = new MutationObserver(() => {
    if (document.querySelector('[data-testid="scan-input"]') === null) return;
    observer.disconnect();
    if (sessionStorage.getItem('scanner') === null) return;
    sessionStorage.removeItem('scanner');
    for (const key of [...'SN77', 'Enter']) pressKey(key, pressedAtMs);
  });
  observer.observe(document, { childList: true, subtree: true });
}

const WAYS_BACK: [string, (page: DevPage['page']) => Promise<unknown>][] = [
  [
    'loaded anew',
    async (page) => {
      await page.addInitScript(typeWhenHeard);
      await page.reload();
    },
  ],
  [
    'left and opened again',
    async (page) => {
      await page.keyboard.press('F9');
      await page.getByTestId('scan-input').waitFor({ state: 'detached' });
      await page.evaluate(typeWhenHeard);
      await page.keyboard.press('F9');
    },
  ],
];

it.each(WAYS_BACK)(
  'a scan that goes on while the page is %s starts nothing with its rest',
  async (_, goBack) => {
    const screen = await tabs().open({ scene: 'ready', slots: 4, language: 'en' });
    const { page } = screen;
    await page.evaluate(() => sessionStorage.setItem('scanner', 'types'));
    await goBack(page);
    await eventually(() => page.getByTestId('scan-message').textContent()).toContain(
      'in the middle of a scan',
    );
    await eventually(() => screen.calls('slots.reportUnusedScan')).toMatchObject([{ text: 'SN77' }]);
    expect(await answersOf(screen)).toEqual([]);
    // The next scan is complete.
    await screen.rest();
    await screen.scan('SN77');
    await eventually(() => answersOf(screen)).toMatchObject([{ text: 'SN77' }]);
  },
);
