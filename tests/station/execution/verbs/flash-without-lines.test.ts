import { expect, it } from 'vitest';
import { makeEspFirmware, writeEspPackage } from '#simulator';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { STATION_ITSELF } from '#station';
import { sampleRecipe } from '../../../kit/recipes.ts';
import { startStation } from '../../../kit/station.ts';
import { simulated } from '../../../kit/units.ts';
import { LONG } from '../../../support/depth.ts';
import { expectSameAgain } from '../replay/replay-support.ts';
import { soon } from '../../../support/patience.ts';

const FIRMWARE = { chip: 'esp32c3', version: '1.0.0', codeBytes: 4096 } as const;

it.each(LONG ? [{ tcp: true }, {}] : [{}])(
  'flashes, burns into NVS and tests the application in one run on a port without control lines: %o',
  async (port) => {
    const recipe = await sampleRecipe('esp32c3-nvs.yaml');
    const productId = recipe.recipe.product;
    await using setup = await startStation({
      units: simulated(1, { profile: 'esp32c3', timeScale: 1, ...port }),
      registry: 'real',
    });
    const { station, units, registry } = setup;
    registry.seed(1, productId);
    await station.pool.lease(productId, 1, STATION_ITSELF, soon());
    const written = await writeEspPackage(join(setup.dir, 'package'), { ...FIRMWARE, productId });
    const { firmware } = await station.firmware.importFrom(
      [written.dir],
      {},
      () => undefined,
      STATION_ITSELF,
      soon(),
    );
    const { batchId } = station.batches.create(
      { recipe, quantity: 1, firmwareSha256: firmware.sha256 },
      STATION_ITSELF,
    );
    const result = await station.startUnit({ batchId, serialNumber: 'SN000001', operator: 'Li', slot: 1 })
      .finished;
    expect(result.failure).toBeNull();
    expect(result.outcome).toBe('PASS');
    expect(setup.stateOf(1)).toBe('burned');
    const flash = readFileSync(units.simulator.inner.units[0]?.flash ?? '');
    for (const { offset, bytes } of makeEspFirmware(FIRMWARE))
      expect(flash.subarray(offset, offset + bytes.length).equals(bytes)).toBe(true);

    // The returns desk: the identity is read after other firmware was written. Power has led the unit into its loader again.
    station.slots.acknowledge(1);
    station.batches.select(batchId);
    await units.simulator.inner.power(1, false);
    await units.simulator.inner.power(1, true);
    const next = await writeEspPackage(join(setup.dir, 'next'), { ...FIRMWARE, version: '2.0.0', productId });
    const imported = await station.firmware.importFrom(
      [next.dir],
      {},
      () => undefined,
      STATION_ITSELF,
      soon(),
    );
    const because = { reason: 'old firmware', approver: 'Wang' };
    const order = { slot: 1, action: 'keep', firmwareId: imported.firmware.firmwareId, ...because } as const;
    const report = await station.returns.act(order, { user: 'Chen', role: 'support' }, soon());
    expect(report).toMatchObject({
      reading: { holds: { deviceName: result.deviceName }, secretMatches: true },
    });
    await setup.close();
    await expectSameAgain(setup.dataDir, result, 1);
  },
);
