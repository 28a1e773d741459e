import { expect, test } from 'vitest';
import { formatTranscript, findRecording, inspectRecipe, readRecording } from '#station';
import { stoppedBy } from '../../../../../station/execution/slots/index.ts';
import { startStation } from '../../../../kit/station.ts';
import { simulated } from '../../../../kit/units.ts';
import { bluetoothRecipe } from '../../../../kit/recipes.ts';

const WHOLE = `
      - verb: ble-advertises
        localName: '^智能设备_{mac}$'
        services: [FFF0]
        rssi: { min: -70, max: -20 }
        withinMs: 30000
        samples: 2
      - verb: ble-services
        services:
          - { service: FFF0, characteristics: [FFF1, FFF2] }
          - { service: '180F', characteristics: [2A19] }
          - { service: '180A' }
      - verb: ble-request
        name: light
        service: FFF0
        write: FFF1
        send: '01 64 {macTail}'
        notify: FFF2
        expect: '^01(?<brightness>..){macTail}$'
        measure: [{ name: brightness, group: brightness, as: hex, unit: '%', limits: { min: 100, max: 100 } }]
      - { verb: ble-read, name: own-mac, service: '180A', characteristic: 2A25, limits: { equals: '{mac}' } }
      - { verb: ble-read, name: battery, service: '180F', characteristic: 2A19, as: uint8, unit: '%', limits: { min: 20, max: 100 } }`;

/** Each unit sends its own MAC in a notification and in a read. */
test('sixteen slots through one adapter: each result belongs to its unit', async () => {
  await using setup = await startStation({
    units: simulated(16, { ble: true }),
    recipe: bluetoothRecipe(WHOLE),
  });
  const results = await Promise.all(setup.units.macs.map((_, at) => setup.run(at + 1)));
  expect(results.map(({ outcome, failure }) => failure?.message ?? outcome)).toEqual(Array(16).fill('PASS'));
  for (const [at, result] of results.entries()) {
    const mac = setup.units.macs[at];
    expect(result.chipId).toBe(mac?.replaceAll(':', ''));
    expect(setup.values(result)).toMatchObject({
      'ble-name': `智能设备_${mac}`,
      brightness: 100,
      'own-mac': mac,
      battery: 96,
    });
  }
  const recording = readRecording(findRecording(setup.dataDir, results[0]?.runId ?? ''));
  const shown = [...formatTranscript(recording)].join('\n');
  const address = setup.units.macs[0] ?? '';
  const tail = address.split(':').slice(-3).join(' ');
  expect(shown).toContain(`? ble: write FFF0/FFF1 of ${address} 01 64 ${tail}`);
  expect(shown).toContain(`~ ble: subscribe FFF0/FFF2 of ${address} 01 64 ${tail}`);
});

test("fails a unit with another unit's name, one with a weak signal, and one with a wrong reply", async () => {
  const other = 'AA:BB:CC:DD:01:02';
  await using setup = await startStation({
    units: simulated(3, {
      ble: true,
      faults: {
        units: {
          1: [{ fault: 'ble-wrong-name', name: `智能设备_${other}` }],
          2: [{ fault: 'ble-weak', rssiDbm: -96 }],
          3: [{ fault: 'ble-wrong-reply' }],
        },
      },
    }),
    recipe: bluetoothRecipe(WHOLE.replace('30000', '4000')),
  });
  const results = await Promise.all([setup.run(1), setup.run(2), setup.run(3)]);
  expect(results.map(({ outcome, failure }) => [outcome, failure?.code, failure?.step])).toEqual([
    ['FAIL', 'limit-exceeded', 'ble-advertises'],
    ['FAIL', 'limit-exceeded', 'ble-advertises'],
    ['FAIL', 'limit-exceeded', 'light'],
  ]);
  expect(results[0]?.failure?.message).toContain(other);
  expect(results[1]?.failure?.message).toMatch(/ble-rssi is -\d+ dBm, limits -70 … -20 dBm/);
});

const light = (retries: number): string => `
      - { verb: ble-request, name: light, service: FFF0, write: FFF1, send: '0132{macTail}', notify: FFF2, retries: ${retries} }`;

test('a link that breaks in the middle ends FAIL, or is tried again as the recipe says', async () => {
  await using setup = await startStation({
    units: simulated(2, { ble: true, faults: { units: { 1: [{ fault: 'ble-drop' }] } } }),
    recipe: bluetoothRecipe(light(0)),
  });
  const [broken, good] = await Promise.all([setup.run(1), setup.run(2)]);
  expect([broken.outcome, broken.failure?.code, good.outcome]).toEqual(['FAIL', 'ble-lost', 'PASS']);

  await using patient = await startStation({
    units: simulated(1, { ble: true, faults: { units: { 1: [{ fault: 'ble-drop', times: 2 }] } } }),
    recipe: bluetoothRecipe(light(2)),
  });
  const result = await patient.run(1);
  expect(result.outcome).toBe('PASS');
  expect(patient.steps(result, 'bluetooth')).toEqual([
    { step: 'light', attempt: 1, outcome: 'FAIL', code: 'ble-lost' },
    { step: 'light', attempt: 2, outcome: 'FAIL', code: 'ble-lost' },
    { step: 'light', attempt: 3, outcome: 'PASS', code: null },
  ]);
});

test('a unit that does not advertise, or does not answer, fails within its limit', async () => {
  await using setup = await startStation({
    units: simulated(2, {
      ble: true,
      faults: { units: { 1: [{ fault: 'ble-silent' }], 2: [{ fault: 'ble-mute' }] } },
    }),
    recipe: bluetoothRecipe(`
      - { verb: ble-advertises, withinMs: 4000, samples: 1 }
      - { verb: ble-read, service: '180A', characteristic: 2A25, answerMs: 400 }`),
  });
  const results = await Promise.all([setup.run(1), setup.run(2)]);
  expect(results.map(({ outcome, failure }) => [outcome, failure?.code])).toEqual([
    ['FAIL', 'ble-unseen'],
    ['FAIL', 'device-silent'],
  ]);
});

test('what the unit lacks is named, and its value is in the record', async () => {
  await using setup = await startStation({
    units: simulated(1, { ble: true }),
    recipe: bluetoothRecipe(`
      - { verb: ble-services, services: [{ service: FFF0, characteristics: [FFF2, FFF3] }, { service: '180D' }] }`),
  });
  const result = await setup.run(1);
  expect([result.outcome, result.failure?.code]).toEqual(['FAIL', 'limit-exceeded']);
  expect(result.failure?.message).toBe('over Bluetooth the unit lacks FFF0/FFF3, 180D');
  expect(setup.values(result)['ble-services']).toContain('180F');
});

test('an adapter that is missing, or goes away in the middle, ends ERROR, not FAIL', async () => {
  await using none = await startStation({
    units: simulated(1, { ble: true, adapter: 'uart:/dev/gongwei-nowhere' }),
    recipe: bluetoothRecipe('      - { verb: ble-advertises }'),
  });
  const missing = await none.run(1);
  expect([missing.outcome, missing.failure?.code]).toEqual(['ERROR', 'ble-missing']);

  await using setup = await startStation({
    units: simulated(1, { ble: true }),
    recipe: bluetoothRecipe(`
      - { verb: ble-read, service: '180A', characteristic: 2A25 }
      - { verb: ble-advertises, withinMs: 60000, localName: never, timeoutMs: 60000 }`),
  });
  const gone = setup.station.onRunEvent((_slot, event) => {
    if (event.kind !== 'step' || event.step.name !== 'ble-advertises') return;
    gone();
    setup.units.simulator.inner.bluetooth?.adapter.close();
  });
  const result = await setup.run(1);
  expect([result.outcome, result.failure?.code]).toEqual(['ERROR', 'ble-missing']);
  expect(result.failure?.message).toMatch(/went away|is not there/);
});

test('a stop in the middle ends the run at once and the link with it', async () => {
  await using setup = await startStation({
    units: simulated(1, { ble: true }),
    recipe: bluetoothRecipe(`
      - { verb: ble-read, service: '180A', characteristic: 2A25 }
      - { verb: wait, ms: 60000 }`),
  });
  const linked = Promise.withResolvers<void>();
  const stop = setup.station.onRunEvent((_slot, event) => {
    if (event.kind === 'step' && event.step.name === 'wait') linked.resolve();
  });
  const running = setup.run(1);
  await linked.promise;
  stop();
  expect(setup.units.simulator.inner.bluetooth?.adapter.controller.connectionCount).toBe(1);
  setup.station.slots.stop(1, stoppedBy('operator'));
  expect((await running).outcome).toBe('ABORTED');
  expect(setup.units.simulator.inner.bluetooth?.adapter.controller.connectionCount).toBe(0);
});

test.each([
  [
    'a UUID that YAML takes for a number',
    "{ verb: ble-read, service: 1800, characteristic: '2A00' }",
    /UUID in quotes/,
  ],
  ['an invalid UUID', '{ verb: ble-services, services: [{ service: FFF0F }] }', /UUID of 16 or 128 bits/],
  [
    'half of a byte',
    "{ verb: ble-request, service: FFF0, write: FFF1, send: '0', notify: FFF2 }",
    /bytes in hex/,
  ],
  ['an invalid pattern', "{ verb: ble-advertises, localName: '{mac}(' }", /regular expression/],
  [
    'a misspelled placeholder',
    "{ verb: ble-advertises, localName: '{maac}' }",
    /\{maac\} is unknown; did you mean \{mac\}\?$/,
  ],
])('a recipe with %s is refused with the place', (_, step, words) => {
  const { parsed, issues } = inspectRecipe(bluetoothRecipe(`      - ${step}`));
  expect(parsed).toBeNull();
  expect(issues[0]?.message).toMatch(words);
  expect(issues[0]?.line).toBe(16);
});
