import { describe, expect, it } from 'vitest';
import { startSample } from './sample-station.ts';

describe('the sample recipes of the AT Wi-Fi module', () => {
  it.each([
    ['at-wifi-module.yaml', false],
    ['at-wifi-ble-module.yaml', true],
  ] as const)('%s passes a good one', async (file, ble) => {
    await using setup = await startSample(file, { profile: 'at-module', ble });
    const result = await setup.run();
    expect(result.failure).toBeNull();
    expect(result).toMatchObject({ outcome: 'PASS', productId: 'GWDEMO0001' });
  });
});
