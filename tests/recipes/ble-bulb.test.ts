import { describe, expect, it } from 'vitest';
import { startSample } from './sample-station.ts';

describe('the sample recipe of the Bluetooth bulb', () => {
  it('passes a good one', async () => {
    await using setup = await startSample('ble-bulb.yaml', { profile: 'ble-bulb', ble: true });
    const result = await setup.run();
    expect(result.failure).toBeNull();
    expect(result.outcome).toBe('PASS');
    expect(setup.values(result)).toMatchObject({ brightness: 100 });
  });

  it.each([
    ['is not on air', { fault: 'ble-silent' }, 'ble-advertises'],
    ['lights up wrongly', { fault: 'ble-wrong-reply' }, 'light-on'],
    ['has a weak supply', { fault: 'drift', value: 'vcc', by: -200 }, 'supply'],
  ] as const)('fails one that %s', async (_, fault, step) => {
    await using setup = await startSample('ble-bulb.yaml', {
      profile: 'ble-bulb',
      ble: true,
      faults: { units: { '1': [fault] } },
    });
    expect(await setup.run()).toMatchObject({ outcome: 'FAIL', failure: { step } });
  });
});
