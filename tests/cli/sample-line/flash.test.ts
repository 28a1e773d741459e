import { expect, it } from 'vitest';
import { CHIP_PRODUCT } from '../../../cli/sample-line/chip-firmware.ts';
import { CHIP_BATCH, prepareSampleStation } from '../../../cli/sample-line/prepare-station.ts';
import { SAMPLE_PRODUCT } from '../../../cli/sample-line/sample-line.ts';
import { startSampleOperator } from '../../../cli/sample-line/sample-operator.ts';
import { resource } from '../../../cli/program.ts';
import { startStation } from '../../kit/station.ts';
import { simulated } from '../../kit/units.ts';
import { soon } from '../../support/patience.ts';

it('a sample line has units that are flashed beside its modules, on the same slots', async () => {
  const also = [{ profile: 'esp32c3', count: 2 }];
  await using setup = await startStation({
    units: simulated(2, { also, slots: 1, startEmpty: true }),
    registry: 'real',
    unbound: true,
    config: { sampleLine: true },
  });
  const { station, registry } = setup;
  const { inner } = setup.units.simulator;
  registry.seed(60, SAMPLE_PRODUCT);
  registry.seed(4, CHIP_PRODUCT);
  const { http: registryUrl, enrolmentToken: token } = registry.service;
  const recipePath = resource('resources/recipes/at-wifi-ble-module.yaml');
  const facts = { dir: setup.dir, registryUrl, token, productId: SAMPLE_PRODUCT, recipePath };
  // A second start adds nothing.
  for (let start = 0; start < 2; start++) await prepareSampleStation(station, facts, soon());
  const batches = station.database.batches.list();
  expect(batches.map(({ name }) => name).toSorted()).toEqual(['sample', CHIP_BATCH]);
  expect(station.batches.selected()?.view.name).toBe('sample');
  // The station itself has imported the firmware: it is no data of an engineer.
  expect(station.database.firmware.list().map(({ importedBy }) => importedBy)).toEqual(['station']);

  const batchId = batches.find(({ name }) => name === CHIP_BATCH)?.batchId ?? '';
  station.batches.select(batchId);
  const units = inner.units.map((unit) => ({ ...unit, fault: null }));
  const place = (slot: number, unit: number): Promise<void> => inner.place(slot, unit);
  startSampleOperator(station, { units, chips: units.slice(2), place }, (error) =>
    expect.fail(String(error)),
  );
  const stages = new Set<string>();
  station.onRunEvent((_slot, event) => {
    if (event.kind === 'flash' && event.progress !== null) stages.add(event.progress.stage);
  });
  // The second number is on no unit: the next one of the family of the batch is placed.
  for (const serialNumber of ['SN000003', 'SN900000']) {
    const { finished } = station.startUnit({ batchId, serialNumber, operator: 'Li', slot: 1 });
    expect(await finished).toMatchObject({ outcome: 'PASS', failure: null });
    station.slots.acknowledge(1);
  }
  expect([...stages]).toContain('writing');
});
