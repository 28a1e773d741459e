import { afterEach, expect, it } from 'vitest';
import { startStation, type TestStation } from '../../../kit/station.ts';
import { scripted, type ScriptedUnits } from '../../../kit/units.ts';
import { describedRecipe } from '../../../kit/recipes.ts';

let setup: TestStation<ScriptedUnits> | null = null;
afterEach(async () => {
  await setup?.[Symbol.asyncDispose]();
  setup = null;
});

/** The unit says the ambient temperature, then how warm its regulator is. */
const STEPS = `- { verb: request, name: ambient, text: AMB?, expect: 'AMB=(\\S+)', capture: { ambient: 1 }, withinMs: 5000 }
- verb: request
  name: regulator
  text: REG?
  expect: 'REG=([0-9A-F]+)'
  withinMs: 5000
  capture: { raw: { group: 1, as: hex, scale: 0.5 } }
  measure:
    - name: regulator
      group: 1
      as: hex
      unit: °C
      limits: { min: '\${ambient}', max: '\${ambient} + 20', marginal: { max: '\${ambient} + 15' } }
- verb: measure
  name: again
  value: '\${raw}'
  measure: [{ name: half, as: number, limits: { equals: '\${raw}', within: { of: '\${ambient}', percent: 50 } } }]`;

async function measured(answers: Readonly<Record<string, string>>) {
  setup ??= await startStation({
    units: scripted([
      (bytes, say) => {
        const asked = bytes.toString().trim();
        const said = current[asked];
        if (said !== undefined) say(`${said}\r\n`);
      },
    ]),
    recipe: describedRecipe(STEPS),
  });
  current = answers;
  const result = await setup.run();
  return { result, values: setup.station.database.runs.listMeasurements(result.runId) };
}
let current: Readonly<Record<string, string>> = {};

it('compares a value with an earlier one of the same unit, and records the limit', async () => {
  const hot = await measured({ 'AMB?': 'AMB=-3', 'REG?': 'REG=12' });
  expect(hot.result).toMatchObject({
    outcome: 'FAIL',
    failure: { code: 'limit-exceeded', step: 'regulator' },
  });
  expect(hot.values).toMatchObject([{ value: 18, low: -3, high: 17, limits: '-3 … 17 °C', outcome: 'FAIL' }]);

  const mute = await measured({ 'AMB?': 'AMB=warm', 'REG?': 'REG=12' });
  expect(mute.result.outcome).toBe('FAIL');
  expect(mute.result.failure?.message).toBe(
    'limit min of regulator is ${ambient}, and "warm" is not a number',
  );

  const good = await measured({ 'AMB?': 'AMB=24.5', 'REG?': 'REG=2A' });
  expect(good.result).toMatchObject({ outcome: 'PASS' });
  expect(good.values).toMatchObject([
    {
      name: 'regulator',
      value: 42,
      limits: '24.5 … 44.5 °C',
      low: 24.5,
      high: 44.5,
      marginal: true,
      relative: true,
    },
    { name: 'half', value: 21, limits: '24.5 ± 50 %, = 21', outcome: 'PASS', relative: true },
  ]);
});
