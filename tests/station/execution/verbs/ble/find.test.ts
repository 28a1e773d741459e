import { expect, test } from 'vitest';
import { findRecording, formatTranscript, inspectRecipe, readRecording } from '#station';
import { expectSameAgain } from '../../replay/replay-support.ts';
import { bluetoothRecipe } from '../../../../kit/recipes.ts';
import { startStation } from '../../../../kit/station.ts';
import { simulated } from '../../../../kit/units.ts';

const STEPS = `
      - { verb: ble-advertises, services: [FFF0], withinMs: 20000, samples: 1 }
      - { verb: ble-read, name: own-mac, service: '180A', characteristic: 2A25, limits: { equals: '{mac}' } }`;
const SAME_NAME = [{ fault: 'ble-wrong-name', name: 'LAMP' }] as const;
const ASKED =
  "localName: '^LAMP$', services: [FFF0], answer: { service: 180A, characteristic: 2A25, equals: '{mac}' }";

/** The address does not follow from the MAC here, so that only the search leads to the unit. */
function recipe(find: string, steps = STEPS): string {
  return bluetoothRecipe(steps).replace(
    'device:\n',
    () => `device:\n  ble: { addressOffset: 77, find: { ${find}, withinMs: 20000 } }\n`,
  );
}

test('units of one name are told apart by what they answer, where no address is shown', async () => {
  await using setup = await startStation({
    units: simulated(4, {
      ble: true,
      hasAddresses: false,
      faults: { units: { 1: [...SAME_NAME], 2: [...SAME_NAME], 3: [...SAME_NAME], 4: [...SAME_NAME] } },
    }),
    recipe: recipe(ASKED),
  });
  const results = await Promise.all([1, 2, 3, 4].map((slot) => setup.run(slot)));
  expect(results.map(({ outcome, failure }) => failure?.message ?? outcome)).toEqual(Array(4).fill('PASS'));
  for (const [at, result] of results.entries())
    expect(setup.values(result)).toMatchObject({ 'own-mac': setup.units.macs[at], 'ble-name': 'LAMP' });

  const [result] = results;
  if (result === undefined) throw new Error('no result');
  const shown = [...formatTranscript(readRecording(findRecording(setup.dataDir, result.runId)))].join('\n');
  expect(shown).toContain('? ble: find {"localName":"^LAMP$"');
  expect(shown).toContain(
    Buffer.from(setup.units.macs[0] ?? '')
      .toString('hex')
      .toUpperCase(),
  );
  await expectSameAgain(setup.dataDir, result, 2);
});

test('a unit that is silent fails, and the neighbour of its name is not tested in its place', async () => {
  await using setup = await startStation({
    units: simulated(2, {
      ble: true,
      hasAddresses: false,
      faults: { units: { 1: [...SAME_NAME, { fault: 'ble-silent' }], 2: [...SAME_NAME] } },
    }),
    recipe: recipe(ASKED).replaceAll('20000', '3000'),
  });
  const [silent, good] = await Promise.all([setup.run(1), setup.run(2)]);
  expect([silent.outcome, silent.failure?.code, good.outcome]).toEqual(['FAIL', 'ble-unseen', 'PASS']);
  expect(silent.failure?.message).toContain('heard 1, and 1 of them answered as another unit');
});

test('without a question two units that fit are refused, and data that only one has finds it', async () => {
  const units = simulated(2, {
    ble: true,
    hasAddresses: false,
    faults: { units: { 1: [...SAME_NAME], 2: [...SAME_NAME] } },
  });
  // The sample pattern of both MACs: they begin alike.
  await using alike = await startStation({ units, recipe: recipe("localName: '^LAMP$|{mac}'") });
  const refused = await alike.run(1);
  expect([refused.outcome, refused.failure?.code]).toEqual(['ERROR', 'ble-ambiguous']);
  expect(refused.failure?.message).toMatch(/^device\.ble\.find fits more than one unit: /);

  await using byData = await startStation({ units, recipe: recipe("manufacturerData: '^FFFF{macHex}$'") });
  const results = await Promise.all([byData.run(1), byData.run(2)]);
  expect(results.map(({ outcome, failure }) => failure?.message ?? outcome)).toEqual(['PASS', 'PASS']);
});

test('a recipe that finds its unit by address is refused where no address is shown', async () => {
  await using setup = await startStation({
    units: simulated(1, { ble: true, hasAddresses: false }),
    recipe: bluetoothRecipe(STEPS),
  });
  const result = await setup.run(1);
  expect([result.outcome, result.failure?.code]).toEqual(['ERROR', 'recipe-invalid']);
  expect(result.failure?.message).toContain('shows no Bluetooth addresses');
});

test.each([
  ["localName: '^LAMP$'", /fits other units too: .*needs a value of the unit/],
  ["answer: { service: 180A, characteristic: 2A25, equals: '\${serial}' }", /\$\{serial\} is set by no step/],
  ["localName: '{maac}'", /\{maac\} is unknown; did you mean \{mac\}/],
  ["manufacturerData: 'x^{macHex}'", /never matches/],
])('a search %s is refused with the place', (find, words) => {
  const { issues } = inspectRecipe(recipe(find));
  const found = issues.find(({ message }) => words.test(message));
  expect(issues.map(({ message }) => message).join('\n')).toMatch(words);
  expect(found?.line).toBe(8);
});
