import { expect, it } from 'vitest';
import { expectSameAgain } from '../../replay/replay-support.ts';
import { startStation } from '../../../../kit/station.ts';
import { simulated } from '../../../../kit/units.ts';
import { thermometerRecipe } from '../../../../kit/ble-recipes.ts';

const UART = '6E400001-B5A3-F393-E0A9-E50E24DCCA9E';
const COMMAND = '6E400002-B5A3-F393-E0A9-E50E24DCCA9E';
const REPLY = '6E400003-B5A3-F393-E0A9-E50E24DCCA9E';
const temperature = `
      - { verb: ble-notified, name: temperature, service: '1809', notify: '2A1C', as: float, offset: 1, unit: °C, limits: { min: 36, max: 37 } }`;

const WHOLE = `
      - { verb: ble-connect, mtu: { equals: 100 }, rssi: { min: -70 } }
      - verb: ble-services
        services:
          - { service: '1809', characteristics: [{ uuid: '2A1C', properties: [indicate] }] }
          - { service: '${UART}', characteristics: [{ uuid: '${COMMAND}', properties: [write, write-without-response] }, { uuid: '${REPLY}', properties: [notify] }] }${temperature}
      - { verb: ble-notified, name: raw, service: '1809', notify: '2A1C', expect: '^00(?<value>.{8})$', capture: { raw: value } }
      - { verb: ble-read, name: air, service: '181A', characteristic: '2A6E', as: int16, scale: 0.01, unit: °C, limits: { equals: 36.4 } }
      - { verb: ble-read, name: pressure, service: '181A', characteristic: '2A6D', as: uint32, scale: 0.1, unit: Pa, limits: { equals: 101325 }, capture: pressure }
      - { verb: ble-write, name: test-mode, service: '${UART}', characteristic: '${COMMAND}', text: 'TEST 1', end: lf, confirm: false }
      - { verb: ble-request, name: mode, service: '${UART}', write: '${COMMAND}', text: 'TEST?', end: lf, notify: '${REPLY}', expect: '^544553542031' }
      - { verb: measure, name: both, value: '\${raw} \${pressure}', measure: [{ name: both, limits: { equals: '6C0100FF 101325' } }] }`;

it('a thermometer is tested by its notifications, writes, texts and values, and replays to the same', async () => {
  await using setup = await startStation({
    units: simulated(1, { profile: 'ble-thermometer', ble: true }),
    recipe: thermometerRecipe(WHOLE, 'mtu: 100, settleMs: 20'),
  });
  const result = await setup.run(1);
  expect(result.failure).toBeNull();
  expect(setup.values(result)).toMatchObject({
    'ble-mtu': 100,
    temperature: 36.4,
    air: 36.4,
    pressure: 101_325,
  });
  await expectSameAgain(setup.dataDir, result, 1);
});

it('a sensor that is broken, one that drifts, and a missing property fail with what was measured', async () => {
  await using setup = await startStation({
    units: simulated(3, {
      profile: 'ble-thermometer',
      ble: true,
      faults: {
        units: {
          1: [{ fault: 'ble-wrong-reply' }],
          2: [{ fault: 'drift', value: 'celsius', by: 4 }],
        },
      },
    }),
    recipe: thermometerRecipe(`
      - verb: ble-services
        services: [{ service: '180A', characteristics: [{ uuid: '2A24', properties: [read] }] }]${temperature}
      - { verb: ble-services, name: writable, services: [{ service: '180A', characteristics: [{ uuid: '2A24', properties: [write] }] }] }`),
  });
  const results = await Promise.all([setup.run(1), setup.run(2), setup.run(3)]);
  expect(results.map(({ outcome, failure }) => [outcome, failure?.code, failure?.message])).toEqual([
    ['FAIL', 'device-garbled', '1809/2A1C has no value: its float FFFF7F00 says nan'],
    ['FAIL', 'limit-exceeded', 'temperature is 40.4 °C, limits 36 … 37 °C'],
    ['FAIL', 'limit-exceeded', 'over Bluetooth the unit lacks 180A/2A24 write'],
  ]);
});
