import type { CDPSession } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { type DevPage, openDevPages } from './support/dev-page.ts';
import { eventually, devPages } from './support/dev-pages.ts';
import { scanKeys } from '../kit/scan-keys.ts';
import { LONG } from '../support/depth.ts';

const tabs = devPages(openDevPages);

interface OpenQuestion extends DevPage {
  readonly ime: CDPSession;
  /** What the input method shows before it is decided. */
  compose(text: string): Promise<void>;
  commit(text: string): Promise<void>;
  value(): Promise<string>;
}

/** Slot 1 has a text question, the others are running. */
async function openQuestion(slots = 2): Promise<OpenQuestion> {
  const screen = await tabs().open({ scene: 'ask-text', slots });
  const { page } = screen;
  await page.getByTestId('ask-input').waitFor();
  await eventually(() => focused(screen)).toBe('ask-input');
  const ime = await page.context().newCDPSession(page);
  return {
    ...screen,
    ime,
    async compose(text) {
      // A desktop's input method gets the key first: the page hears of it only that it was processed.
      await ime.send('Input.dispatchKeyEvent', {
        type: 'rawKeyDown',
        key: 'Process',
        windowsVirtualKeyCode: 229,
      });
      await ime.send('Input.imeSetComposition', {
        text,
        selectionStart: text.length,
        selectionEnd: text.length,
      });
    },
    commit: async (text) => void (await ime.send('Input.insertText', { text })),
    value: () => page.getByTestId('ask-input').inputValue(),
  };
}

const focused = (screen: DevPage): Promise<string | null> =>
  screen.page.evaluate(() => document.activeElement?.getAttribute('data-testid') ?? null);
const answers = (screen: DevPage): Promise<unknown[]> => screen.calls('slots.answer');
const scans = (screen: DevPage): Promise<unknown[]> => screen.calls('slots.scan');

describe('an answer in words', () => {
  it.runIf(LONG)(
    'is composed by an input method; Enter sends it only when nothing is being composed',
    async () => {
      const screen = await openQuestion();
      const { page } = screen;
      await screen.compose('dian');
      expect(await screen.value()).toBe('dian');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Escape');
      expect([await answers(screen), await scans(screen)]).toEqual([[], []]);
      await screen.compose('dian chi');
      await screen.commit('电池');
      await screen.compose('pi');
      await screen.commit('批');
      await eventually(() => screen.value()).toBe('电池批');
      await page.keyboard.press('Backspace');
      await page.keyboard.type(' A7');
      await page.keyboard.press('Enter');
      await eventually(() => answers(screen)).toMatchObject([{ slot: 1, answer: '电池 A7' }]);
      await page.getByTestId('ask').waitFor({ state: 'detached' });
      await eventually(() => focused(screen)).toBe('scan-input');
      expect(await scans(screen)).toEqual([]);
      expect(screen.complaints).toEqual([]);
    },
  );

  it('is told to the station when a person deletes what a scanner left', async () => {
    const screen = await openQuestion();
    const notes = (): Promise<unknown[]> => screen.calls('slots.reportUnusedScan');
    await scanKeys(screen.page, [...'SN000001']);
    await screen.page.keyboard.press('Backspace');
    await eventually(notes).toMatchObject([{ text: 'SN000001', pressed: { ended: false } }]);
    await screen.page.keyboard.press('Backspace');
    await screen.page.keyboard.type('22');
    await screen.page.keyboard.press('Escape');
    await eventually(notes).toMatchObject([{ text: 'SN000001' }, { text: 'SN000022' }]);
    expect([await answers(screen), await scans(screen)]).toEqual([[], []]);
    expect(screen.complaints).toEqual([]);
  });

  it('comes from a scanner as well', async () => {
    const screen = await openQuestion();
    await screen.scan('LOT-0042');
    await eventually(() => scans(screen)).toMatchObject([{ text: 'LOT-0042' }]);
    await screen.page.getByTestId('ask').waitFor({ state: 'detached' });
    expect(await answers(screen)).toEqual([]);
  });

  it('is no half of a scan, when another question comes while the scanner types', async () => {
    const screen = await openQuestion();
    await screen.station(async (harness) => {
      harness.ask(2, 'text');
      const typedAtMs = performance.now();
      // A busy computer needs longer for the other question than a scanner for all of its keys.
      const now = performance.now.bind(performance);
      performance.now = () => typedAtMs;
      for (const key of 'LOT-') pressKey(key, typedAtMs);
      harness.run(1, { prompt: null });
      while (document.querySelector('[data-testid="ask"]')?.getAttribute('data-slot') !== '2')
        await new Promise((next) => requestAnimationFrame(next));
      for (const key of [...'0042', 'Enter', 'Enter']) pressKey(key, typedAtMs);
      performance.now = now;
    });
    await eventually(() => scans(screen)).toMatchObject([{ text: 'LOT-0042' }]);
    expect(await answers(screen)).toEqual([]);
  });

  it('never holds a code of the card: the code is done, what was written stays', async () => {
    const screen = await openQuestion();
    const { page } = screen;
    await screen.compose('dian');
    await screen.commit('电池');
    await screen.scan('#GW#SLOT,2#');
    await eventually(() => scans(screen)).toMatchObject([{ text: '#GW#SLOT,2#' }]);
    expect(await screen.value()).toBe('电池');
    // Through an input method that takes the capitals for a word, and the Enter for its end.
    await screen.commit('＃');
    await screen.compose('GW#STOP#');
    await screen.commit('GW#STOP#');
    await eventually(() => scans(screen)).toMatchObject([{ text: '#GW#SLOT,2#' }, { text: '#GW#STOP#' }]);
    expect(await answers(screen)).toEqual([]);
    await eventually(() => page.locator('[data-appearance="stopping"]').count()).toBe(2);
    await eventually(() => focused(screen)).toBe('scan-input');
  });

  it('keeps the focus, is kept while another question is looked at, and again when it was refused', async () => {
    const screen = await openQuestion(4);
    const { page } = screen;
    await screen.compose('dian');
    await screen.commit('电池');
    await screen.station((harness) => harness.ask(3, 'text'));
    for (const disturb of [
      () => page.getByTestId('station-name').click(),
      () => page.keyboard.press('F1'),
      () => page.getByTestId('help').focus(),
      () => page.keyboard.press('F1'),
      () => page.evaluate(() => (document.activeElement as HTMLElement).blur()),
    ]) {
      await disturb();
      await eventually(() => focused(screen)).toBe('ask-input');
    }
    await page.keyboard.press('Tab');
    await eventually(() => page.getByTestId('ask').getAttribute('data-slot')).toBe('3');
    await eventually(() => screen.value()).toBe('');
    await eventually(() => focused(screen)).toBe('ask-input');
    await page.keyboard.press('Tab');
    await eventually(() => page.getByTestId('ask').getAttribute('data-slot')).toBe('1');
    await eventually(() => screen.value()).toBe('电池');

    await screen.station((harness) => {
      harness.connection.unreachable = true;
      harness.connection.cut();
    });
    await page.getByTestId('notice-connection').waitFor();
    await page.keyboard.press('Enter');
    await eventually(() => page.getByTestId('scan-message').getAttribute('data-code')).toBe('disconnected');
    expect(await screen.value()).toBe('电池');
    await screen.station((harness) => {
      harness.connection.unreachable = false;
    });
    await page.getByTestId('notice-connection').waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await eventually(() => answers(screen)).toMatchObject([{ slot: 1, answer: '电池' }]);
  });

  it('leaves a single Space to what it is for everywhere', async () => {
    const screen = await openQuestion(4);
    await screen.station((harness) => harness.finish(2, 'FAIL', 'device-silent'));
    await screen.page.getByTestId('waiting').waitFor();
    await screen.page.keyboard.press('Space');
    await eventually(() => screen.calls('slots.acknowledge')).toEqual([{ slot: null }]);
    await eventually(() => screen.value()).toBe('');
  });
});
