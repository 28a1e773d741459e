import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sampleRecipe } from '../../../../kit/recipes.ts';
import { startStation, type TestStation } from '../../../../kit/station.ts';
import { simulated, type SimulatedUnits, type SimulatedUnitsOptions } from '../../../../kit/units.ts';
import { expectSameAgain } from '../../replay/replay-support.ts';

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

/** Every file under a directory that has one of the texts or bytes. */
function filesWith(dir: string, secrets: readonly (string | Buffer)[]): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => {
      const bytes = readFileSync(path);
      return secrets.some((secret) => bytes.includes(secret));
    });
}

test('four units at once are provisioned, bound and tested, each with its own token and identity', async () => {
  await using setup = await start(4);
  const results = await Promise.all([1, 2, 3, 4].map((slot) => setup.run(slot)));
  expect(results.map(({ outcome, failure }) => failure?.message ?? outcome)).toEqual(Array(4).fill('PASS'));
  for (const result of results)
    expect(setup.values(result)).toMatchObject({ brightness: 80, power: true, switched: true, blinks: 3 });
  const [first] = results;
  if (first === undefined) throw new Error('no run');
  const files = filesWith(setup.dir, [NETWORK.password]);
  expect(files).toEqual([]);
  await expectSameAgain(setup.dataDir, first, 2);
});
