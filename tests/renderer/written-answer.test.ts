import type { CDPSession } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { type DevPage, openDevPages } from './support/dev-page.ts';
import { eventually, devPages } from './support/dev-pages.ts';
import { scanKeys } from '../kit/scan-keys.ts';

const tabs = devPages(openDevPages);

interface Asked extends DevPage {
  readonly ime: CDPSession;
  /** What the input method shows before it is decided. */
  compose(text: string): Promise<void>;
  commit(text: string): Promise<void>;
  value(): Promise<string>;
}

/** Slot 1 asks for words, the others are at work. */
async function asked(slots = 2): Promise<Asked> {
  const desk = await tabs().open({ scene: 'ask-text', slots });
  const { page } = desk;
  await page.getByTestId('ask-input').waitFor();
  await eventually(() => focused(desk)).toBe('ask-input');
  const ime = await page.context().newCDPSession(page);
  return {
    ...desk,
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

const focused = (desk: DevPage): Promise<string | null> =>
  desk.page.evaluate(() => document.activeElement?.getAttribute('data-testid') ?? null);
const answers = (desk: DevPage): Promise<unknown[]> => desk.calls('slots.answer');
const scans = (desk: DevPage): Promise<unknown[]> => desk.calls('slots.scan');

describe('an answer in words', () => {
  it('is composed by an input method; Enter sends it only when nothing is being composed', async () => {
    const desk = await asked();
    const { page } = desk;
    await desk.compose('dian');
    expect(await desk.value()).toBe('dian');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    expect([await answers(desk), await scans(desk)]).toEqual([[], []]);
    await desk.compose('dian chi');
    await desk.commit('电池');
    await desk.compose('pi');
    await desk.commit('批');
    await eventually(() => desk.value()).toBe('电池批');
    await page.keyboard.press('Backspace');
    await page.keyboard.type(' A7');
    await page.keyboard.press('Enter');
    await eventually(() => answers(desk)).toMatchObject([{ slot: 1, answer: '电池 A7' }]);
    await page.getByTestId('ask').waitFor({ state: 'detached' });
    await eventually(() => focused(desk)).toBe('scan-input');
    expect(await scans(desk)).toEqual([]);
    expect(desk.complaints).toEqual([]);
  });

  it('is told to the station when a person deletes what a scanner left', async () => {
    const desk = await asked();
    const notes = (): Promise<unknown[]> => desk.calls('slots.noteRead');
    await scanKeys(desk.page, [...'SN000001']);
    await desk.page.keyboard.press('Backspace');
    await eventually(notes).toMatchObject([{ text: 'SN000001', pressed: { ended: false } }]);
    await desk.page.keyboard.press('Backspace');
    await desk.page.keyboard.type('22');
    await desk.page.keyboard.press('Escape');
    await eventually(notes).toMatchObject([{ text: 'SN000001' }, { text: 'SN000022' }]);
    expect([await answers(desk), await scans(desk)]).toEqual([[], []]);
    expect(desk.complaints).toEqual([]);
  });

  it('comes from a scanner as well', async () => {
    const desk = await asked();
    await desk.scan('LOT-0042');
    await eventually(() => scans(desk)).toMatchObject([{ text: 'LOT-0042' }]);
    await desk.page.getByTestId('ask').waitFor({ state: 'detached' });
    expect(await answers(desk)).toEqual([]);
  });

  it('is no half of a scan, when another question comes while the scanner types', async () => {
    const desk = await asked();
    await desk.station(async (harness) => {
      harness.ask(2, 'text');
      const type = (key: string): void => {
        const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
        const taken = document.activeElement?.dispatchEvent(event) === false;
        if (!taken && key.length === 1) document.execCommand('insertText', false, key);
      };
      for (const key of 'LOT-') type(key);
      harness.run(1, { prompt: null });
      while (document.querySelector('[data-testid="ask"]')?.getAttribute('data-slot') !== '2')
        await new Promise((next) => requestAnimationFrame(next));
      for (const key of [...'0042', 'Enter', 'Enter']) type(key);
    });
    await eventually(() => scans(desk)).toMatchObject([{ text: 'LOT-0042' }]);
    expect(await answers(desk)).toEqual([]);
  });

  it('never holds a code of the card: the code is done, what was written stays', async () => {
    const desk = await asked();
    const { page } = desk;
    await desk.compose('dian');
    await desk.commit('电池');
    await desk.scan('#GW#SLOT,2#');
    await eventually(() => scans(desk)).toMatchObject([{ text: '#GW#SLOT,2#' }]);
    expect(await desk.value()).toBe('电池');
    // Through an input method that takes the capitals for a word, and the Enter for its end.
    await desk.commit('＃');
    await desk.compose('GW#STOP#');
    await desk.commit('GW#STOP#');
    await eventually(() => scans(desk)).toMatchObject([{ text: '#GW#SLOT,2#' }, { text: '#GW#STOP#' }]);
    expect(await answers(desk)).toEqual([]);
    await eventually(() => page.locator('[data-appearance="stopping"]').count()).toBe(2);
    await eventually(() => focused(desk)).toBe('scan-input');
  });

  it('keeps the focus, is kept while another question is looked at, and again when it was refused', async () => {
    const desk = await asked(4);
    const { page } = desk;
    await desk.compose('dian');
    await desk.commit('电池');
    await desk.station((harness) => harness.ask(3, 'text'));
    for (const disturb of [
      () => page.getByTestId('station-name').click(),
      () => page.keyboard.press('F1'),
      () => page.getByTestId('help').focus(),
      () => page.keyboard.press('F1'),
      () => page.evaluate(() => (document.activeElement as HTMLElement).blur()),
    ]) {
      await disturb();
      await eventually(() => focused(desk)).toBe('ask-input');
    }
    await page.keyboard.press('Tab');
    await eventually(() => page.getByTestId('ask').getAttribute('data-slot')).toBe('3');
    await eventually(() => desk.value()).toBe('');
    await eventually(() => focused(desk)).toBe('ask-input');
    await page.keyboard.press('Tab');
    await eventually(() => page.getByTestId('ask').getAttribute('data-slot')).toBe('1');
    await eventually(() => desk.value()).toBe('电池');

    await desk.station((harness) => {
      harness.connection.unreachable = true;
      harness.connection.cut();
    });
    await page.getByTestId('notice-connection').waitFor();
    await page.keyboard.press('Enter');
    await eventually(() => page.getByTestId('scan-message').getAttribute('data-code')).toBe('disconnected');
    expect(await desk.value()).toBe('电池');
    await desk.station((harness) => {
      harness.connection.unreachable = false;
    });
    await page.getByTestId('notice-connection').waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await eventually(() => answers(desk)).toMatchObject([{ slot: 1, answer: '电池' }]);
  });

  it('leaves a single Space to what it is for everywhere', async () => {
    const desk = await asked(4);
    await desk.station((harness) => harness.finish(2, 'FAIL', 'device-silent'));
    await desk.page.getByTestId('waiting').waitFor();
    await desk.page.keyboard.press('Space');
    await eventually(() => desk.calls('slots.acknowledge')).toEqual([{ slot: null }]);
    await eventually(() => desk.value()).toBe('');
  });
});
