import { expect, it } from 'vitest';
import { startSimInstruments } from '#simulator';
import { instrumentSetting } from '#shared/domain/instrument.ts';
import { STATION_ITSELF } from '#station';
import { describedRecipe } from '../../../kit/recipes.ts';
import { startStation } from '../../../kit/station.ts';
import { scripted } from '../../../kit/units.ts';

const POWER = `- { verb: request, name: on, instrument: psu, text: 'VOLT 5;CURR 0.5;:OUTP ON;*OPC?', expect: '^1$' }`;
/** The range is too small for five volts: the meter answers 9.9E37. */
const OVERLOAD = 'CONF:VOLT:DC 1;:READ?';

const measured = (limits: string): string =>
  `- { verb: measure, name: check, instrument: dmm, text: '${OVERLOAD}', measure: [{ name: volts, as: number, scale: 1000, unit: mV${limits} }] }`;
const requested = (limits: string): string =>
  `- { verb: request, name: check, instrument: dmm, text: '${OVERLOAD}', expect: '^(\\S+)$', measure: [{ name: volts, group: 1, as: number, unit: V${limits} }] }`;

it.each([
  ['measure', measured(', limits: { min: 3000 }'), 'ERROR', 'instrument-error'],
  ['measure without a limit', measured(''), 'ERROR', 'instrument-error'],
  ['request', requested(', limits: { min: 3 }'), 'ERROR', 'instrument-error'],
  ['measure with an upper limit', measured(', limits: { min: 3000, max: 6000 }'), 'FAIL', 'limit-exceeded'],
  ['request with an upper limit', requested(', limits: { max: 6 }'), 'FAIL', 'limit-exceeded'],
])('the overload of a meter passes no %s', async (_, step, outcome, code) => {
  await using sim = await startSimInstruments({ timeScale: 0 });
  const recipe = describedRecipe(`${POWER}\n${step}`);
  await using test = await startStation({ units: scripted([() => undefined]), recipe });
  const instruments = [
    { name: 'psu', address: sim.supply.address },
    { name: 'dmm', address: sim.meter.address },
  ].map((setting) => instrumentSetting.parse(setting));
  test.station.lending.instrumentSettings.set(instruments, STATION_ITSELF);
  expect(await test.run()).toMatchObject({ outcome, failure: { code, step: 'check' } });
});
