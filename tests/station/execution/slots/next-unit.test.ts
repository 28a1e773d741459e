import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createNodePlatform, parseRecipe } from '#station';
import { nextUnit, type NextUnit, type Slots } from '../../../../station/execution/slots/index.ts';
import { TestSimulator } from '../../../kit/test-simulator.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { moduleRecipe } from '../../../kit/recipes.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { PATIENCE_MS, soon } from '../../../support/patience.ts';
import { until } from '../../../support/until.ts';
import type { DeviceSettings } from '#shared/recipe/index.ts';
import { createNodeClock } from '../../../../station/devices/drivers/node/clock.ts';

const deviceOf = (commandTimeoutMs: number): DeviceSettings =>
  parseRecipe(moduleRecipe({ commandTimeoutMs }), 'recipe').recipe.device;
/** With as much time for an answer as a busy computer needs; and with little, where none comes. */
const [device, impatient] = [deviceOf(2500), deviceOf(400)];
/** As next-unit.ts has them: for an answer, and between two questions who is there. */
const ASK_MS = 3000;
const PAUSE_MS = 500;
let simulator: TestSimulator;
let dir: ReturnType<typeof tempDir>;
/** How often the slot was asked who is there. */
let asked = 0;
beforeEach(async () => {
  dir = tempDir();
  simulator = await TestSimulator.start({ count: 2, slots: 1 });
});
afterEach(async () => {
  await simulator[Symbol.asyncDispose]();
  dir[Symbol.dispose]();
});

/** The unit after number 1 (or after one that never said who it was) on the only slot. */
function next(
  timeoutMs: number,
  last: string | null = macOf(1),
  signal = soon(),
  settings = device,
): Promise<NextUnit> {
  const slots = {
    acquire: () => ({ portPath: simulator.pathOf(1), [Symbol.dispose]: () => undefined }),
  } as unknown as Slots;
  const clock = createNodeClock();
  const sleep = (ms: number, until: AbortSignal): Promise<void> => {
    if (ms === PAUSE_MS) asked += 1;
    return clock.sleep(ms === ASK_MS && settings === device ? PATIENCE_MS : ms, until);
  };
  return nextUnit(
    { platform: createNodePlatform(dir.path, { clock: { ...clock, sleep } }), slots },
    { slot: 1, device: settings, product: 'GWDEMO0001', last, timeoutMs },
    signal,
  );
}

const macOf = (unit: number): string => (simulator.inner.units[unit - 1]?.mac ?? '').replaceAll(':', '');

describe('the next unit on a slot', () => {
  it('is not the one that was there and stays', async () => {
    expect(await next(1200)).toBe('same');
  });

  it('is there as soon as another one answers', async () => {
    const answer = next(PATIENCE_MS);
    await simulator.inner.place(1, 2);
    expect(await answer).toBe('there');
  });

  it('may be the same one when it was away meanwhile', async () => {
    const answer = next(PATIENCE_MS, macOf(1), soon(), impatient);
    await simulator.inner.remove(1);
    // The first of these may have begun before.
    const from = asked;
    await until(() => asked >= from + 2, 'two questions at the empty slot');
    await simulator.inner.place(1, 1);
    expect(await answer).toBe('there');
  });

  it('is none when the slot stays empty', async () => {
    await simulator.inner.remove(1);
    expect(await next(500, macOf(1), soon(), impatient)).toBe('none');
    // Also where the unit itself joins its two data lines, so that nothing comes back without it.
    expect(await next(500, macOf(1), soon(), { ...impatient, echo: true })).toBe('none');
  });

  it('is any unit that answers after one without a chip id', async () => {
    expect(await next(PATIENCE_MS, null)).toBe('there');
  });

  it('is no longer awaited after a stop', async () => {
    const stop = new AbortController();
    const answer = faultOf(() => next(60_000, macOf(1), stop.signal));
    stop.abort();
    expect(await answer).toMatchObject({ code: 'cancelled' });
  });
});
