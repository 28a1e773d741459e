import { expect, it } from 'vitest';
import { startStation } from '../../../../kit/station.ts';
import { serialOf, simulated } from '../../../../kit/units.ts';
import { thermometerRecipe } from '../../../../kit/ble-recipes.ts';
import { LONG } from '../../../../support/depth.ts';

/** Each unit tells its own MAC and serial number, and takes a mode and keeps it. */
const STEPS = `
      - { verb: ble-notified, name: temperature, service: '1809', notify: '2A1C', as: float, offset: 1, unit: °C, limits: { min: 36, max: 37 }, withinMs: 20000, retries: 3 }
      - { verb: ble-read, name: own-mac, service: '180A', characteristic: '2A25', limits: { equals: '{mac}' }, answerMs: 20000, retries: 3 }
      - { verb: ble-write, name: mode, service: '6E400001-B5A3-F393-E0A9-E50E24DCCA9E', characteristic: '6E400002-B5A3-F393-E0A9-E50E24DCCA9E', text: 'TEST 1', end: lf, retries: 3 }
      - { verb: ble-request, name: kept, service: '6E400001-B5A3-F393-E0A9-E50E24DCCA9E', write: '6E400002-B5A3-F393-E0A9-E50E24DCCA9E', text: 'TEST?', end: lf, notify: '6E400003-B5A3-F393-E0A9-E50E24DCCA9E', expect: '^544553542031', answerMs: 20000, retries: 3 }`;

async function testAll(count: number, broken: readonly number[]): Promise<void> {
  const unit = (n: number) => [
    { fault: 'ble-loss', share: 0.1 } as const,
    ...(broken.includes(n) ? [{ fault: 'ble-drop', times: 1 } as const] : []),
  ];
  const numbers = Array.from({ length: count }, (_, at) => at + 1);
  await using setup = await startStation({
    units: simulated(count, {
      profile: 'ble-thermometer',
      ble: true,
      portless: count,
      faults: { units: Object.fromEntries(numbers.map((n) => [String(n), unit(n)])) },
    }),
    // A neighbour has the same strength: the scanned serial number decides.
    recipe: thermometerRecipe(STEPS, 'connectMs: 30000').replace(
      'listenMs: 200',
      'listenMs: 200\n      withinMs: 60000',
    ),
  });
  const results = await Promise.all(numbers.map((n) => setup.run(n, serialOf(n))));
  expect(results.map(({ outcome, failure }) => failure?.message ?? outcome)).toEqual(
    Array(count).fill('PASS'),
  );
  expect(results.map(({ chipId }) => chipId)).toEqual(setup.units.macs.map((mac) => mac.replaceAll(':', '')));
  for (const n of broken) {
    const tries = setup
      .steps(results[n - 1] ?? results[0]!, 'bluetooth')
      .filter(({ code }) => code === 'ble-lost');
    expect(tries).toHaveLength(1);
  }
}

it('four units at once through one adapter, a tenth of the packets lost and one link broken: each is tested as itself', async () => {
  await testAll(4, [2]);
});

it.runIf(LONG)(
  'sixteen units at once through one adapter, a tenth of the packets lost and two links broken',
  async () => {
    await testAll(16, [3, 11]);
  },
);
