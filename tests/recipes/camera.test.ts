import { describe, expect, it } from 'vitest';
import { outcomes, startSample } from './sample-station.ts';

describe('the sample recipe of the camera', () => {
  it.each(['documented', 'opposite'] as const)('passes a good one (%s dialect)', async (dialect) => {
    await using setup = await startSample('camera.yaml', { profile: 'camera', dialect });
    const result = await setup.run();
    expect(result.failure).toBeNull();
    expect(result).toMatchObject({ outcome: 'PASS', productId: 'GWCAMERA01' });
    expect(setup.values(result)).toMatchObject({
      event: '有人活动',
      xp2p: expect.stringMatching(/^XP2P_ERR_NONE/),
    });
    expect(setup.units.simulator.inner.flashOf(1)).toMatchObject({ identityWrites: 1 });
  });

  it('fails one that sees badly, by the name of the measurement', async () => {
    await using setup = await startSample('camera.yaml', {
      profile: 'camera',
      faults: { units: { '1': [{ fault: 'drift', value: 'sharpness', by: -200 }] } },
    });
    expect(await setup.run()).toMatchObject({ outcome: 'FAIL', failure: { step: 'test-chart' } });
  });

  it('fails one whose peer-to-peer service does not come up, by the name of its error', async () => {
    await using setup = await startSample('camera.yaml', {
      profile: 'camera',
      faults: { units: { '1': [{ fault: 'xp2p', code: -1017 }] } },
    });
    const result = await setup.run();
    expect(result).toMatchObject({ outcome: 'FAIL', failure: { step: 'xp2p' } });
    expect(setup.values(result)['xp2p']).toBe('XP2P_ERR_CLOUD_EMPTY 云端返回空数据');
    expect(outcomes(setup, result).filter((step) => step === 'xp2p FAIL')).toHaveLength(6);
  });
});
