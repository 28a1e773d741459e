import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { STATION_ITSELF } from '#station';
import { type BluetoothQuota, quotaDay, quotaEndMs, quotaLeft } from '#shared/domain/bluetooth-quota.ts';
import { moduleRecipe, parsedRecipe } from '../../../kit/recipes.ts';
import { PRODUCT } from '../../../kit/sample-rows.ts';
import { startStation, type TestStation } from '../../../kit/station.ts';
import { simulated, type SimulatedUnits } from '../../../kit/units.ts';
import { faultOf } from '../../../support/fault-of.ts';

let setup: TestStation<SimulatedUnits> | null = null;
afterEach(async () => {
  await setup?.[Symbol.asyncDispose]();
  setup = null;
});

const FREE: BluetoothQuota = { productId: PRODUCT, kind: 'free', limit: 10, untilMs: null, others: 0 };
const DAY_MS = 86_400_000;

describe('the quota of a product', () => {
  it('refuses a batch with more units than are left, and counts each unit that passed once', async () => {
    const steps = `  - name: none
    steps: [{ verb: wait, ms: 1 }]
`;
    const recipe = parsedRecipe(moduleRecipe({ steps }));
    setup = await startStation({ units: simulated(1), registry: 'real', recipe });
    const { batches } = setup.station;
    const create = (quantity: number) => batches.create({ recipe, quantity }, STATION_ITSELF);
    create(1000);
    batches.quotas.set({ ...FREE, others: 8 }, STATION_ITSELF);
    expect(await faultOf(() => create(3))).toMatchObject({
      code: 'quota-exceeded',
      message: `${PRODUCT} has places for 2 more Bluetooth units (8 of 10 are used), and 3 are planned`,
      details: { planned: 3, left: 2, limit: 10 },
    });
    const { batchId } = create(2);
    expect((await setup.run()).outcome).toBe('PASS');
    const again = { batchId, serialNumber: 'SN000001', operator: 'Li', slot: 1 };
    expect((await setup.station.startUnit(again).finished).outcome).toBe('PASS');
    expect(batches.quotas.of(PRODUCT)).toMatchObject({ used: 9, left: 1, warning: 'low' });
    batches.quotas.set({ ...FREE, others: 9 }, STATION_ITSELF);
    expect(await faultOf(() => batches.select(batchId))).toMatchObject({ code: 'quota-exceeded' });
    batches.quotas.remove(PRODUCT, STATION_ITSELF);
    batches.select(batchId);
  });

  it('is stored only as the versions are', async () => {
    setup = await startStation({});
    const { quotas } = setup.station.batches;
    const set = (change: Partial<BluetoothQuota>) => () => quotas.set({ ...FREE, ...change }, STATION_ITSELF);
    for (const wrong of [
      { limit: 11 },
      { kind: 'year', limit: 100 } as const,
      { productId: '' },
      { limit: 0 },
    ])
      expect(await faultOf(set(wrong)), JSON.stringify(wrong)).toMatchObject({ code: 'bad-input' });
    set({ kind: 'year', limit: 100, untilMs: Date.UTC(2020, 0, 1) })();
    expect(await faultOf(() => quotas.require(PRODUCT, 1))).toMatchObject({
      code: 'quota-exceeded',
      message: `the quota of Bluetooth units of ${PRODUCT} ended on 2019-12-31`,
    });
    expect(await faultOf(() => quotas.remove('OTHER', STATION_ITSELF))).toMatchObject({ code: 'not-found' });
  });
});

it('what is left is never more than the limit, and a warning says why nothing may be made', () => {
  const whole = fc.integer({ min: -500, max: 500 });
  const untilMs = fc.option(fc.integer({ min: 0, max: 400 }).map((day) => day * DAY_MS));
  const quota = fc.record({ limit: fc.integer({ min: 1, max: 300 }), others: whole, untilMs });
  fc.assert(
    fc.property(quota, fc.nat(500), fc.nat(400), (given, own, day) => {
      const { used, left, warning } = quotaLeft(given, own, day * DAY_MS);
      expect(left).toBeLessThanOrEqual(given.limit);
      expect(used + left).toBeGreaterThanOrEqual(given.limit);
      if (left === 0) expect(['expired', 'full']).toContain(warning);
      if (warning === null) expect(left).toBeGreaterThan(given.limit / 10);
    }),
  );
  fc.assert(
    fc.property(fc.nat(40_000), (day) => {
      expect(quotaEndMs(quotaDay((day + 1) * DAY_MS))).toBe((day + 1) * DAY_MS);
    }),
  );
});
