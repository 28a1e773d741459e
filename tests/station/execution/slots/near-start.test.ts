import { expect, it } from 'vitest';
import type { BleCentral } from '../../../../station/core/platform/index.ts';
import { STATION_ITSELF } from '#station';
import { startStation } from '../../../kit/station.ts';
import { simulated, type UnitsStarter, type SimulatedUnits } from '../../../kit/units.ts';
import { thermometerRecipe } from '../../../kit/ble-recipes.ts';
import { LONG } from '../../../support/depth.ts';
import { until } from '../../../support/until.ts';

const UNITS = LONG ? 16 : 2;
const SLOTS = LONG ? 4 : 1;
/** A round of listening takes a second on the line, and this long here. */
const ROUND_MS = 60;

/** The rounds of listening of the station, which are short here. */
interface Rounds {
  count: number;
}

function unitsNear(rounds: Rounds): UnitsStarter<SimulatedUnits> {
  const faults = Object.fromEntries(
    Array.from({ length: UNITS }, (_, at) => [at + 1, [{ fault: 'ble-silent' as const }]]),
  );
  const start = simulated(UNITS, {
    profile: 'ble-thermometer',
    ble: true,
    portless: SLOTS,
    faults: { units: faults },
  });
  return async (...given) => {
    const units = await start(...given);
    const { ble } = units.platform;
    if (ble === undefined) throw new Error('there is no adapter');
    return Object.assign(units, { platform: { ble: hastened(ble, rounds) } });
  };
}

function hastened(ble: BleCentral, rounds: Rounds): BleCentral {
  return {
    ready: (signal) => ble.ready(signal),
    find: (...find) => ble.find(...find),
    take: (...take) => ble.take(...take),
    connect: (...connect) => ble.connect(...connect),
    async scan(address, onAdvertisement, limits) {
      if (address !== null) return ble.scan(address, onAdvertisement, limits);
      const heard = await ble.scan(null, onAdvertisement, { ...limits, timeoutMs: ROUND_MS });
      rounds.count += 1;
      return heard;
    },
    [Symbol.asyncDispose]: () => ble[Symbol.asyncDispose](),
  };
}

it('units that come near start by themselves on slots without a port, each once; one that goes and comes back starts again', async () => {
  const rounds: Rounds = { count: 0 };
  const text = thermometerRecipe(`
      - { verb: ble-read, name: own-mac, service: '180A', characteristic: '2A25', limits: { equals: '{mac}' } }`);
  await using setup = await startStation({
    units: unitsNear(rounds),
    recipe: text
      .replace('example: SN000001', 'example: SN000001, optional: true')
      .replace('listenMs: 200', 'listenMs: 200\n      marginDb: 0'),
  });
  const { station, units, batchId } = setup;
  const { inner } = units.simulator;
  const next = async (count: number): Promise<void> => {
    const from = rounds.count;
    await until(() => rounds.count >= from + count, 'rounds of listening');
  };
  const ended = () =>
    station.database.runs.listOfBatch(batchId, 100).filter(({ outcome }) => outcome !== null);
  station.batches.select(batchId);
  station.slotSettings.setStartMode('arrival', STATION_ITSELF);
  await next(3);
  for (let unit = 1; unit <= UNITS; unit += 1) await inner.changeFaults(unit, { remove: ['ble-silent'] });
  await until(() => ended().length >= UNITS, 'a run of each unit');
  // They stay, and nothing starts them again.
  await next(12);
  const all = (): unknown[] => Array.from({ length: UNITS }, (_, at) => units.chipOf(at + 1)).sort();
  expect(ended().map(({ outcome }) => outcome)).toEqual(Array.from({ length: UNITS }, () => 'PASS'));
  expect(
    ended()
      .map(({ chipId }) => chipId)
      .sort(),
  ).toEqual(all());
  expect(station.slots.running()).toEqual([]);

  await inner.changeFaults(1, { add: [{ fault: 'ble-silent' }] });
  await next(8);
  await inner.changeFaults(1, { remove: ['ble-silent'] });
  await until(() => ended().length > UNITS, 'another run of the unit that came back');
  expect(ended().filter(({ chipId }) => chipId === units.chipOf(1))).toHaveLength(2);
  expect(ended()).toHaveLength(UNITS + 1);
});
