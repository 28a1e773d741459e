import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findRecording, readRecording } from '#station';
import type { UnitFault } from '../../../../../simulator/faults/index.ts';
import { parsedRecipe, sampleRecipe } from '../../../../kit/recipes.ts';
import { provisioningOf } from '../../../../../station/execution/recording/index.ts';
import { startStation, type TestStation } from '../../../../kit/station.ts';
import { simulated, type SimulatedUnits, type SimulatedUnitsOptions } from '../../../../kit/units.ts';
import { expectSameAgain } from '../../replay/replay-support.ts';
import { filesBelow } from '../../../../support/files-below.ts';

const BY = { user: 'Li', role: 'engineer' } as const;
/** The usual access point of the simulator. */
const NETWORK = { name: 'line-1', ssid: 'GW-LINE', password: 'gongwei-line' };

async function start(
  units: number,
  options: SimulatedUnitsOptions = {},
): Promise<TestStation<SimulatedUnits>> {
  const setup = await startStation({
    units: simulated(units, { profile: 'llsync', ble: true, ...options }),
    registry: 'real',
    recipe: await sampleRecipe('llsync.yaml'),
  });
  setup.station.networks.set(NETWORK, BY);
  return setup;
}

/** A provisioning token. */
const TOKEN = /v3_[0-9a-f]{29}/;

/** Every file under a directory that has the password of the network or a token. */
function filesWithSecrets(dir: string): string[] {
  return [...filesBelow(dir)]
    .filter(([, bytes]) => bytes.includes(NETWORK.password) || TOKEN.test(bytes.toString('latin1')))
    .map(([name]) => name);
}

test('four units at once are provisioned, bound and tested, each with its own token and identity', async () => {
  await using setup = await start(4);
  const results = await Promise.all([1, 2, 3, 4].map((slot) => setup.run(slot)));
  expect(results.map(({ outcome, failure }) => failure?.message ?? outcome)).toEqual(Array(4).fill('PASS'));
  for (const result of results)
    expect(setup.values(result)).toMatchObject({ brightness: 80, power: true, switched: true, blinks: 3 });
  expect(filesWithSecrets(setup.dir)).toEqual([]);
  for (const { runId } of results)
    expect(
      provisioningOf(readRecording(findRecording(setup.dataDir, runId))).map(({ kind }) => kind),
    ).toEqual(['token-made', 'reported', 'bound', 'released']);
  const [first] = results;
  if (first !== undefined) await expectSameAgain(setup.dataDir, first, 2);
});

test('links that break are made again, a unit is bound once, and a refusal says why without the password', async () => {
  const breaks = (at: 'join' | 'bound', does: 'drop' | 'lose'): UnitFault => ({
    fault: 'llsync-answer',
    at,
    does,
    times: 1,
  });
  await using setup = await start(4, {
    faults: {
      units: {
        '1': [breaks('join', 'drop')],
        '2': [breaks('bound', 'drop')],
        '3': [breaks('bound', 'lose')],
        '4': [
          { fault: 'join-refused', code: 2 },
          { fault: 'ble-mtu', bytes: 23 },
        ],
      },
    },
  });
  const results = await Promise.all([1, 2, 3, 4].map((slot) => setup.run(slot)));
  expect(results.slice(0, 3).map(({ outcome, failure }) => failure?.message ?? outcome)).toEqual(
    Array(3).fill('PASS'),
  );
  const refused = results[3];
  expect(refused).toMatchObject({
    outcome: 'FAIL',
    failure: { step: 'provision-ble', code: 'provisioning-refused', details: { stage: 'join' } },
  });
  expect(refused?.failure?.message).toContain('its log: wifi: wrong-password');
  expect(refused?.failure?.message).not.toContain(NETWORK.password);
  expect(filesWithSecrets(setup.dir)).toEqual([]);
});

test('a unit that an earlier run has left bound is released with the keys of that run, and bound again', async () => {
  await using setup = await start(1);
  const shipped = readFileSync(
    new URL('../../../../../resources/recipes/llsync.yaml', import.meta.url),
    'utf8',
  );
  // As a station that dies after the binding: neither the functions nor the teardown over Bluetooth.
  const cut = shipped
    .replace(/ +- verb: llsync-property\n[^]*(?=\n {2}- name: release\n)/, '')
    .replace(/ +- verb: llsync-unbind\n(?: {8}.*\n)+/, '');
  expect(cut.match(/verb: llsync-\w+/g)).toEqual(['verb: llsync-bind']);
  const recipe = parsedRecipe(cut);
  const crashed = setup.station.batches.create({ recipe, quantity: 10, name: 'crashed' }, BY);
  const request = {
    batchId: crashed.batchId,
    serialNumber: setup.units.serialOf(1),
    operator: 'Li',
    slot: 1,
  };
  const left = await setup.station.startUnit(request).finished;
  setup.station.slots.acknowledge(1);
  expect(left.failure?.message ?? left.outcome).toBe('PASS');
  const result = await setup.run(1);
  expect(result.failure?.message ?? result.outcome).toBe('PASS');
  const { entries } = readRecording(findRecording(setup.dataDir, result.runId));
  const said = `the binding that run ${left.runId} had left was ended`;
  expect([...entries.values()].filter((entry) => JSON.stringify(entry).includes(said))).toHaveLength(1);
  expect(filesWithSecrets(setup.dir)).toEqual([]);
  await expectSameAgain(setup.dataDir, result, 2);
});
