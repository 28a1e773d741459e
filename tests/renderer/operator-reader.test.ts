import { expect, it } from 'vitest';
import { openDevPages } from './support/dev-page.ts';
import { eventually, devPages } from './support/dev-pages.ts';
import { LONG } from '../support/depth.ts';

const tabs = devPages(openDevPages);

it('says results and questions to screen readers, good ones when there is time and others at once, in the language of the page', async () => {
  const screen = await tabs().open({ scene: 'running', slots: 4, language: 'zh-CN' });
  const { page } = screen;
  expect(await page.getByTestId('reader-status').getAttribute('role')).toBe('status');
  expect(await page.getByTestId('reader-results').getAttribute('role')).toBe('alert');
  expect(await page.getByTestId('reader-question').getAttribute('role')).toBe('alert');
  await screen.station((harness) => harness.finish(1, 'PASS'));
  await eventually(() => screen.text('reader-status')).toContain('治具位 1：合格');
  await screen.station((harness) => harness.finish(4, 'FAIL', 'device-silent'));
  await eventually(() => screen.text('reader-results')).toBe('治具位 4：不合格。产品没有应答。');
  await screen.station((harness) => harness.ask(2, 'pass-fail'));
  await eventually(() => screen.text('reader-question')).toContain('治具位 2 待人工确认');
  await page.keyboard.press('F6');
  await eventually(() => screen.text('reader-results')).toBe('Slot 4: FAIL. The unit does not answer.');
  expect(await screen.text('reader-question')).toContain('Slot 2 needs an answer');
});

it('says a result with the same words as the last one again', async () => {
  const screen = await tabs().open({ scene: 'running', slots: 2, language: 'en' });
  const { page } = screen;
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
  for (const [unit, outcome] of (['PASS', 'PASS', 'FAIL', 'FAIL'] as const).entries()) {
    await page.evaluate(
      ([runId, ended]) => {
        const startedAtMs = Date.now();
        window.harness.slot(1, { state: 'running', acknowledged: true, clearsAtMs: null });
        window.harness.run(1, { runId, startedAtMs, outcome: null, finishedAtMs: null, failure: null });
        requestAnimationFrame(() =>
          window.harness.finish(1, ended, ended === 'FAIL' ? 'device-silent' : null),
        );
      },
      [`unit-${unit}`, outcome] as const,
    );
    const region = outcome === 'PASS' ? 'reader-status' : 'reader-results';
    await eventually(() => screen.text(region)).toContain(`Slot 1: ${outcome}`);
  }
  const said = await page.evaluate(() => (window as unknown as { said: string[] }).said);
  const results = said.filter((text, at) => text !== '' && text !== said[at - 1]);
  expect(results).toEqual([
    'Slot 1: PASS.',
    'Slot 1: PASS.',
    'Slot 1: FAIL. The unit does not answer.',
    'Slot 1: FAIL. The unit does not answer.',
  ]);
});

it('calls a question that nobody answered so, and no fault of the station', async () => {
  const screen = await tabs().open({ scene: 'running', slots: 4, language: 'zh-CN' });
  await screen.station((harness) => harness.finish(3, 'ERROR', 'prompt-unanswered'));
  const tile = screen.page.getByTestId('slot-3');
  await eventually(() => tile.getByTestId('outcome-word').textContent()).toBe('未确认');
  expect(await tile.textContent()).toContain('操作员未及时确认');
  expect(await tile.textContent()).not.toContain('工位故障');
});

it('remembers the last result of a slot that is ready again, and shows a begun run in blue until it ends', async () => {
  const screen = await tabs().open({ scene: 'ready', slots: 2, language: 'en' });
  const { page } = screen;
  const message = page.getByTestId('scan-message');
  await screen.scan('SN2611200077');
  await eventually(() => message.getAttribute('data-kind')).toBe('work');
  await screen.station((harness) => harness.finish(1, 'FAIL', 'device-silent'));
  await eventually(() => message.isVisible()).toBe(false);
  await page.getByTestId('waiting').waitFor();
  await screen.rest();
  await page.keyboard.press('Space');
  await eventually(() => screen.text('last-run')).toContain('FAIL');
  expect(await screen.text('last-run')).toContain('SN2611200077');
});

it.runIf(LONG)('shows nothing in the colours of a good state while the station does not answer', async () => {
  const screen = await tabs().open({ scene: 'pass', slots: 1, language: 'en' });
  const { page } = screen;
  const sync = page.getByTestId('sync');
  expect(await sync.getAttribute('data-status')).toBe('online');
  await screen.station((harness) => void (harness.connection.silent = true));
  await eventually(() => sync.getAttribute('data-status')).toBe('stale');
  expect(await page.getByTestId('notice-connection').textContent()).toContain('leave the units in place');
});
