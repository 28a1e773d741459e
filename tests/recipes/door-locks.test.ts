import { describe, expect, it } from 'vitest';
import { outcomes, startSample } from './sample-station.ts';

const PRODUCTS = { 'picture-lock': 'GWPICLOCK1', 'video-lock': 'GWVIDLOCK1' } as const;

describe.each(['picture-lock', 'video-lock'] as const)('the sample recipe of the %s', (profile) => {
  it.each(['documented', 'opposite'] as const)('passes a good one (%s dialect)', async (dialect) => {
    await using setup = await startSample(`${profile}.yaml`, { profile, dialect });
    const result = await setup.run();
    expect(result.failure).toBeNull();
    expect(result).toMatchObject({ outcome: 'PASS', productId: PRODUCTS[profile] });
    expect(setup.values(result)).toMatchObject({
      battery: 96,
      doorbell: '有人按门铃',
      tamper: '撬锁告警',
      notice: '开门通知',
      'unlocked-by': '指纹开门',
      'opened-by': '临时密码开门',
      unlocked: 1,
      'lock-state': 0,
    });
    const steps = outcomes(setup, result);
    expect(steps).toContain('xp2p-info PASS');
    if (profile === 'video-lock') {
      const order = ['asleep PASS', 'wake-up PASS', 'awake PASS'];
      expect(steps.filter((step) => order.includes(step))).toEqual(order);
    }
    // It leaves the line locked.
    await using terminal = await setup.units.simulator.talkTo();
    expect(await terminal.ask('AT+FTMOTOR?')).toMatch(/FTMOTOR:\s*1\r\n/);
  });
});

describe('the sample recipe of a lock', () => {
  it.each([
    ['a battery that is nearly empty', { fault: 'drift', value: 'battery', by: -60 }, 'battery'],
    ['a slow motor', { fault: 'drift', value: 'motor-ms', by: 400 }, 'bolt-in'],
    ['a bolt that is stuck', { fault: 'motor-stuck' }, 'bolt-in'],
    ['a clock that is wrong', { fault: 'clock-off', seconds: 600 }, 'opens'],
  ] as const)('fails one with %s', async (_, fault, step) => {
    await using setup = await startSample('picture-lock.yaml', {
      profile: 'picture-lock',
      faults: { units: { '1': [fault] } },
    });
    const { outcome, failure } = await setup.run();
    expect(`${outcome} at ${failure?.step}: ${failure?.code} ${failure?.message}`).toMatch(
      `FAIL at ${step}: `,
    );
  });
});
