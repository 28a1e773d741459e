import { expect, it } from 'vitest';
import { startStation } from '../../../kit/station.ts';
import { serialOf, simulated } from '../../../kit/units.ts';
import { moduleRecipe } from '../../../kit/recipes.ts';
import { thermometerRecipe } from '../../../kit/ble-recipes.ts';
import { PATIENCE_MS } from '../../../support/patience.ts';

const READS = `
      - { verb: ble-read, name: own-mac, service: '180A', characteristic: '2A25', limits: { equals: '{mac}' } }`;
const weak = [{ fault: 'ble-weak', rssiDbm: -60 }] as const;

it('two slots without a port, sixteen units near: each slot takes the unit whose serial number was scanned', async () => {
  await using setup = await startStation({
    units: simulated(16, { profile: 'ble-thermometer', ble: true, portless: 2 }),
    recipe: thermometerRecipe(READS),
  });
  const [first, second] = await Promise.all([setup.run(1, serialOf(7)), setup.run(2, serialOf(12))]);
  expect([first, second].map(({ outcome, failure }) => failure?.message ?? outcome)).toEqual([
    'PASS',
    'PASS',
  ]);
  const chipOf = (unit: number): string => (setup.units.macs[unit - 1] ?? '').replaceAll(':', '');
  expect([first.chipId, second.chipId]).toEqual([chipOf(7), chipOf(12)]);
});

it('without a serial number the strongest is taken, what one slot took no other takes, and alike ones are refused', async () => {
  await using setup = await startStation({
    units: simulated(4, {
      profile: 'ble-thermometer',
      ble: true,
      portless: 3,
      faults: { units: { 1: [{ fault: 'ble-weak', rssiDbm: -30 }], 3: [...weak], 4: [...weak] } },
    }),
    recipe: thermometerRecipe(`${READS}
      - { verb: prompt, kind: confirm, ask: { zh-CN: 好, en: Ready } }`).replace(
      'example: SN000001',
      'example: SN000001, optional: true',
    ),
  });
  const asked = (slot: number): Promise<void> =>
    expect
      .poll(() => setup.station.slots.state.slots.find((view) => view.slot === slot)?.run?.prompt, {
        timeout: PATIENCE_MS,
      })
      .toBeTruthy();
  const near = setup.run(1, null);
  await asked(1);
  const next = setup.run(2, null);
  await asked(2);
  // Two that are equally far are left.
  const refused = await setup.run(3, null);
  expect([refused.outcome, refused.failure?.code]).toEqual(['ERROR', 'ble-ambiguous']);
  expect(refused.failure?.message).toMatch(
    /^several units are about as strong and fit device\.ble\.identify: .* the strongest must lead by 6 dB$/,
  );
  for (const { slot, run } of setup.station.slots.state.slots)
    if (run?.prompt != null) setup.station.prompts.answer(slot, run.prompt.promptId, 'ok');
  const chips = (await Promise.all([near, next])).map(({ chipId }) => chipId);
  expect(chips).toEqual([setup.units.chipOf(1), setup.units.chipOf(2)]);
});

it('a unit that is too far or silent, and a recipe that needs a port, end with a line that says so', async () => {
  await using setup = await startStation({
    units: simulated(1, {
      profile: 'ble-thermometer',
      ble: true,
      portless: 1,
      faults: { units: { 1: [{ fault: 'ble-weak', rssiDbm: -90 }] } },
    }),
    recipe: thermometerRecipe(READS).replace('listenMs: 200', 'listenMs: 50\n      withinMs: 600'),
  });
  const far = await setup.run(1);
  expect([far.outcome, far.failure?.code]).toEqual(['FAIL', 'ble-unseen']);
  expect(far.failure?.message).toMatch(
    /heard 1, 1 too weak, the strongest with -\d+ dBm where -70 dBm is the least$/,
  );

  await using wired = await startStation({
    units: simulated(1, { profile: 'ble-thermometer', ble: true, portless: 1 }),
    recipe: moduleRecipe(),
  });
  const result = await wired.run(1);
  expect([result.outcome, result.failure?.code]).toEqual(['ERROR', 'recipe-invalid']);
  expect(result.failure?.message).toContain('this slot has Bluetooth only');
});
