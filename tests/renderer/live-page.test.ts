import type { CDPSession } from 'playwright-core';
import { expect, it } from 'vitest';
import { type DevPage, openDevPages } from './support/dev-page.ts';
import { devPages } from './support/dev-pages.ts';
import { LONG } from '../support/depth.ts';

const tabs = devPages(openDevPages);
const SLOTS = 16;
const FEW_SLOTS = 4;

interface LayoutEvent {
  readonly name: string;
  readonly args: { readonly beginData?: { readonly partialLayout: boolean } };
}

/** Shows so many new steps, one in each frame, on one slot after the other. */
function showSteps(screen: DevPage, steps: number): Promise<void> {
  return screen.page.evaluate(
    async ([count, slots]) => {
      for (let at = 0; at < count; at++) {
        const name = `step ${at}`;
        window.harness.run((at % slots) + 1, { step: { name, title: null }, progress: (at % 100) / 100 });
        await new Promise((done) => requestAnimationFrame(done));
      }
    },
    [steps, SLOTS] as const,
  );
}

it.runIf(LONG)('lays a new step out in its tile alone', async () => {
  const { page, ...screen } = await tabs().open({ scene: 'running', slots: SLOTS });
  const browser = page.context().browser();
  await browser?.startTracing(page, {
    categories: ['disabled-by-default-devtools.timeline', 'devtools.timeline'],
  });
  await showSteps({ page, ...screen }, 60);
  const trace = JSON.parse(String(await browser?.stopTracing())) as { traceEvents: LayoutEvent[] };
  const layouts = trace.traceEvents.filter(
    ({ name, args }) => name === 'Layout' && args.beginData !== undefined,
  );
  const whole = layouts.filter(({ args }) => args.beginData?.partialLayout !== true);
  expect(layouts.length).toBeGreaterThan(30);
  // The clock of the header and a message that goes away lay the page out, too.
  expect(whole.length).toBeLessThan(layouts.length / 10);
});

it.each([
  [1280, 800],
  [1920, 1080],
] as const)('has keys and switches that a glove hits on a screen of %d × %d', async (width, height) => {
  const { page } = await tabs().open({ scene: 'running', slots: 4, size: [width, height] });
  const sizes = await page
    .locator('.switches > button, .hints > button')
    .evaluateAll((buttons) =>
      buttons.map((button) => [
        button.getAttribute('data-testid'),
        Math.floor(Math.min(button.clientWidth, button.clientHeight)),
      ]),
    );
  expect(sizes).toHaveLength(8);
  expect(sizes.filter(([, side]) => Number(side) < 52)).toEqual([]);
});

it('changes no other tile with the step of one', async () => {
  const screen = await tabs().open({ scene: 'running', slots: SLOTS });
  const others = await screen.page.evaluate(async () => {
    const changed: string[] = [];
    const observer = new MutationObserver((records) => {
      for (const { target } of records) {
        const element = target instanceof Element ? target : target.parentElement;
        // The time of each run goes on.
        if (element === null || element.closest('.elapsed') !== null) continue;
        changed.push(element.closest('article')?.dataset['testid'] ?? element.outerHTML.slice(0, 200));
      }
    });
    observer.observe(document.querySelector('main') ?? document, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    });
    for (let at = 0; at < 20; at++) {
      window.harness.run(3, { step: { name: `step ${at}`, title: null }, progress: at / 20 });
      await new Promise((done) => requestAnimationFrame(done));
    }
    observer.disconnect();
    return changed;
  });
  expect(others.length).toBeGreaterThanOrEqual(20);
  expect(new Set(others)).toEqual(new Set(['slot-3']));
});

it.runIf(LONG)('keeps no node of a run that is over', async () => {
  const screen = await tabs().open({ scene: 'running', slots: FEW_SLOTS });
  const cdp = await screen.page.context().newCDPSession(screen.page);
  await showRuns(screen, 2);
  const warm = await countNodes(cdp);
  await showRuns(screen, 6);
  const end = await countNodes(cdp);
  await cdp.detach();
  // Kept runs would add about 20 nodes for each of 24 runs.
  expect(end - warm).toBeLessThan(150);
});

/** Lets every slot end so many runs, each with a question and a result. */
function showRuns(screen: DevPage, rounds: number): Promise<void> {
  return screen.page.evaluate(
    async ([count, slots]) => {
      const { harness } = window;
      const frame = (): Promise<unknown> => new Promise((done) => requestAnimationFrame(done));
      const running = harness.station.state('slots').slots;
      for (let round = 0; round < count; round++) {
        for (let slot = 1; slot <= slots; slot++) {
          harness.ask(slot, 'confirm');
          await frame();
          harness.finish(slot, slot % 2 === 0 ? 'FAIL' : 'PASS', slot % 2 === 0 ? 'device-silent' : null);
          await frame();
          const before = running[slot - 1];
          if (before?.run == null) throw new Error('the scene has no run on this slot');
          const runId = `${before.run.runId} ${round} ${Date.now()}`;
          harness.slot(slot, { ...before, run: { ...before.run, runId } });
          await frame();
        }
      }
    },
    [rounds, FEW_SLOTS] as const,
  );
}

/** Nodes of the document and detached ones, after a collection. */
async function countNodes(cdp: CDPSession): Promise<number> {
  await cdp.send('HeapProfiler.collectGarbage');
  await cdp.send('HeapProfiler.collectGarbage');
  return (await cdp.send('Memory.getDOMCounters')).nodes;
}
