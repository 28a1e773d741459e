import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PRODUCT } from '../../kit/sample-rows.ts';
import { openStation, startStation, type TestStation } from '../../kit/station.ts';
import { soon } from '../../support/patience.ts';
import { ESP_MAC, EspUnits } from '../devices/protocols/esp/esp-units.ts';
import { NVS_DEVICE } from '../../kit/recipes.ts';

const RECIPE = `${NVS_DEVICE}  - name: who
    kind: setup
    steps: [{ verb: identify, model: '^ESP32-C3$' }]
  - name: burn
    steps: [{ verb: burn-triple }]
`;

const by = { user: 'Li', role: 'support' } as const;
const justification = { slot: 1, reason: 'returned', approver: 'Wang' };

const start = (): Promise<TestStation<EspUnits>> =>
  startStation({
    units: () => Promise.resolve(new EspUnits()),
    registry: 'real',
    recipe: RECIPE,
    triples: 3,
  });

describe('a unit whose identity is in NVS', () => {
  it('gets its triple, and is named by a station that has never seen it, from its flash alone', async () => {
    await using setup = await start();
    const { outcome, chipId, deviceName } = await setup.run(1);
    expect({ outcome, chipId }).toEqual({ outcome: 'PASS', chipId: ESP_MAC });
    const [run] = setup.station.database.runs.listOfSerialNumber('SN000001');
    expect(run?.proof).toMatchObject({ readBack: 'full' });
    expect(setup.units.chip.flash.includes(deviceName ?? '?')).toBe(true);
    const fresh = await openStation(
      join(setup.dir, 'fresh'),
      { slots: [...setup.units.slots] },
      setup.units.platform,
    );
    await using _closed = { [Symbol.asyncDispose]: () => fresh.close() };
    // Without a batch it asks for an AT module first.
    expect(await fresh.returns.read(1, soon())).toMatchObject({
      chipId: ESP_MAC,
      model: 'ESP32-C3',
      verdict: 'foreign',
      reading: { holds: { productId: PRODUCT, deviceName }, readBack: 'full' },
      bound: null,
    });
  });

  it('keeps, changes and loses its identity at the returns desk', async () => {
    await using setup = await start();
    const { deviceName } = await setup.run(1);
    const { returns } = setup.station;
    setup.units.chip.flash.fill(0xff, 0x9000, 0xf000);
    expect(await returns.act({ action: 'keep', ...justification }, by, soon())).toMatchObject({
      verdict: 'known',
      reading: { holds: { deviceName }, secretMatches: true },
    });
    const reissued = await returns.act({ action: 'reissue', ...justification }, by, soon());
    expect(reissued).toMatchObject({ verdict: 'known', reading: { secretMatches: true } });
    expect(reissued.bound?.deviceName).not.toBe(deviceName);
    expect(setup.units.chip.flash.includes(deviceName ?? '?')).toBe(false);
    await returns.act({ action: 'retire', ...justification }, by, soon());
    expect(setup.units.chip.flash.includes(PRODUCT)).toBe(false);
  });
});
