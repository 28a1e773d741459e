import { expect, it } from 'vitest';
import { soon } from '../support/patience.ts';
import { startSample } from './sample-station.ts';

it('the sample recipe of the Bluetooth thermometer passes a good one on a slot without a port', async () => {
  await using setup = await startSample('ble-thermometer.yaml', {
    profile: 'ble-thermometer',
    ble: true,
    portless: 1,
  });
  const result = await setup.run();
  expect(result.failure).toBeNull();
  expect(result.outcome).toBe('PASS');
  expect(setup.values(result)).toMatchObject({
    model: 'GW-TEMP-1',
    firmware: '2.0.1',
    temperature: 36.4,
    humidity: 48.5,
    pressure: 101_325,
  });
});

it('the next unit on such a slot is known by what it advertises, as "run" without serial numbers needs it', async () => {
  await using setup = await startSample('ble-thermometer.yaml', {
    profile: 'ble-thermometer',
    ble: true,
    count: 2,
    slots: 1,
    portless: 1,
  });
  const { station, units, batchId } = setup;
  const { inner } = units.simulator;
  const [first = '', second = ''] = inner.units.map(({ mac }) => mac.replaceAll(':', ''));
  const next = (last: string): Promise<string> => station.nextUnit(batchId, 1, last, 1, soon());
  expect(await next(first)).toBe('same');
  await inner.place(1, 2);
  expect(await next(first)).toBe('there');
  // It was given back each time.
  expect(await next(second)).toBe('same');
});
