import { expect, it } from 'vitest';
import { formatTranscript, findRecording, parseRecipe, readRecording, replayRun } from '#station';
import { expectSameAgain } from './replay-support.ts';
import { depth } from '../../../support/depth.ts';
import { soon } from '../../../support/patience.ts';
import { startStation } from '../../../kit/station.ts';
import { simulated } from '../../../kit/units.ts';
import { bluetoothRecipe } from '../../../kit/recipes.ts';

const TIMES = depth({ short: 3, long: 10 });

const WHOLE = `
      - verb: ble-advertises
        localName: '^智能设备_{mac}$'
        services: [FFF0]
        rssi: { min: -70, max: -20 }
        withinMs: 4000
        samples: 2
      - verb: ble-services
        services:
          - { service: FFF0, characteristics: [FFF1, FFF2] }
          - { service: '180F', characteristics: [2A19] }
      - verb: ble-request
        name: light
        retries: 1
        service: FFF0
        write: FFF1
        send: '01 64 {macTail}'
        notify: FFF2
        answerMs: 2000
        expect: '^01(?<brightness>..){macTail}$'
        measure: [{ name: brightness, group: brightness, as: hex, unit: '%', limits: { min: 100, max: 100 } }]
      - { verb: ble-read, name: own-mac, service: '180A', characteristic: 2A25, limits: { equals: '{mac}' } }`;

it('over Bluetooth replays to the same each time', async () => {
  await using setup = await startStation({
    units: simulated(6, {
      ble: true,
      faults: {
        units: {
          2: [{ fault: 'ble-silent' }],
          3: [{ fault: 'ble-drop', times: 1 }],
          4: [{ fault: 'ble-mute' }],
          5: [{ fault: 'ble-wrong-reply' }, { fault: 'split', pieces: 4, pauseMs: 5 }],
          6: [{ fault: 'ble-weak', rssiDbm: -96 }],
        },
      },
    }),
    recipe: bluetoothRecipe(WHOLE),
  });
  const results = await Promise.all(setup.units.macs.map((_, at) => setup.run(at + 1)));
  expect(results.map(({ outcome, failure }) => failure?.code ?? outcome)).toEqual([
    'PASS',
    'ble-unseen',
    'PASS',
    'device-silent',
    'limit-exceeded',
    'limit-exceeded',
  ]);
  for (const result of results) await expectSameAgain(setup.dataDir, result, TIMES);

  const [first] = results;
  const recording = readRecording(findRecording(setup.dataDir, first?.runId ?? ''));
  const tail = setup.units.macs[0]?.replaceAll(':', '').slice(-6) ?? '';
  const spaced = tail.replace(/(..)(?=.)/g, '$1 ');
  const shown = [...formatTranscript(recording)].join('\n');
  expect(shown).toContain(`write FFF0/FFF1 of ${setup.units.macs[0] ?? ''} 01 64 ${spaced}`);
  expect(shown).toContain(`~ ble: subscribe FFF0/FFF2 of ${setup.units.macs[0] ?? ''} 01 64 ${spaced}`);

  // Another strength wanted of the same unit; and more samples than were heard.
  const strict = parseRecipe(bluetoothRecipe(WHOLE.replace('-70', '-30')), 'strict');
  expect(await replayRun(recording, { recipe: strict }, soon())).toMatchObject({
    replayed: 'FAIL',
    differences: [],
  });
  const more = parseRecipe(bluetoothRecipe(WHOLE.replace('samples: 2', 'samples: 1')), 'fewer');
  expect(await replayRun(recording, { recipe: more }, soon())).toMatchObject({
    replayed: 'PASS',
  });
});
