import { expect, it } from 'vitest';
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
