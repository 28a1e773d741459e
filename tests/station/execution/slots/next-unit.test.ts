import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createNodePlatform, parseRecipe } from '#station';
import { nextUnit, type NextUnit, type Slots } from '../../../../station/execution/slots/index.ts';
import { TestBench } from '../../../simulator/support/bench.ts';
import { faultOf } from '../../support/fault-of.ts';
import { recipeText } from '../../support/recipe-text.ts';
import { tempDir } from '../../support/temp-dir.ts';

const { device } = parseRecipe(recipeText({ commandTimeoutMs: 400 }), 'recipe').recipe;
let bench: TestBench;
let dir: ReturnType<typeof tempDir>;
beforeEach(async () => {
  dir = tempDir();
  bench = await TestBench.start({ count: 2, slots: 1 });
});
afterEach(async () => {
  await bench[Symbol.asyncDispose]();
  dir[Symbol.dispose]();
});

/** The unit after number 1 (or after one that never said who it was) on the only slot. */
function next(
  withinMs: number,
  last: string | null = macOf(1),
  signal = AbortSignal.timeout(20_000),
  settings = device,
): Promise<NextUnit> {
  const slots = {
    borrow: () => ({ portPath: bench.pathOf(1), [Symbol.dispose]: () => undefined }),
  } as unknown as Slots;
  return nextUnit(
    { platform: createNodePlatform(dir.path), slots },
    { slot: 1, device: settings, last, withinMs },
    signal,
  );
}
const macOf = (unit: number): string => (bench.bench.units[unit - 1]?.mac ?? '').replaceAll(':', '');

describe('the next unit on a slot', () => {
  it('is not the one that was there and stays', async () => {
    expect(await next(1200)).toBe('same');
  });

  it('is there as soon as another one answers', async () => {
    const answer = next(15_000);
    await bench.bench.place(1, 2);
    expect(await answer).toBe('there');
  });

  it('may be the same one when it was away meanwhile', async () => {
    const answer = next(15_000);
    await bench.bench.remove(1);
    await new Promise((resolve) => setTimeout(resolve, 4000));
    await bench.bench.place(1, 1);
    expect(await answer).toBe('there');
  });

  it('is nobody when the slot stays empty', async () => {
    await bench.bench.remove(1);
    expect(await next(500)).toBe('none');
    // Also where the unit itself joins its two data lines, so that nothing comes back without it.
    expect(await next(500, macOf(1), undefined, { ...device, echo: true })).toBe('none');
  });

  it('is whoever answers after one that never said who it was', async () => {
    expect(await next(5000, null)).toBe('there');
  });

  it('is not waited for any more when somebody stops it', async () => {
    const stop = new AbortController();
    const answer = faultOf(() => next(60_000, macOf(1), stop.signal));
    setTimeout(() => stop.abort(), 300);
    expect(await answer).toMatchObject({ code: 'cancelled' });
  });
});
