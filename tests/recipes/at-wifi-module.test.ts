import { describe, expect, it } from 'vitest';

import { startFamily } from './support/family-line.ts';

describe('the sample recipes of the AT Wi-Fi module', () => {
  it.each([
    ['at-wifi-module.yaml', false],
    ['at-wifi-ble-module.yaml', true],
  ] as const)('%s passes a good one', async (file, ble) => {
    await using line = await startFamily(file, { profile: 'at-module', ble });
    const result = await line.run();
    expect(result.failure).toBeNull();
    expect(result).toMatchObject({ outcome: 'PASS', productId: 'GWDEMO0001' });
  });
});
