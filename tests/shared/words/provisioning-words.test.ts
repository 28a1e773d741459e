import { describe, expect, it } from 'vitest';
import { provisioningText, textDetails } from '#shared/words/index.ts';
import { createFaultWording } from '#shared/words/faults/index.ts';

const [en, zh] = (['en', 'zh-CN'] as const).map((language) => createFaultWording(language));

describe('what a unit says about its provisioning', () => {
  const said = provisioningText(
    'signal',
    provisioningText('known-reason', provisioningText('not-joined'), 15, provisioningText('wrong-password')),
    -48,
  );
  const details = { address: 'AA:BB:CC:DD:01:02', stage: 'join', ...textDetails('meaning', said) };

  it('is in the language of the page, on the tile and in records', () => {
    expect(en?.fault('provisioning-refused', details).more).toBe(
      'It says: it could not join, reason 15: the password is wrong, -48 dBm.',
    );
    expect(zh?.fault('provisioning-refused', details).more).toBe(
      '它说：没有连上网络，原因 15：密码错误，-48 dBm。',
    );
    expect(zh?.failureDetails('provisioning-refused', details)).toContain('阶段“连接网络”');
    // A record of an earlier version, and a stage of another program.
    const earlier = { stage: 'elsewhere', meaning: 'result 1' };
    expect(zh?.failureDetails('provisioning-refused', earlier)).toContain('阶段“elsewhere”');
  });

  it('does not call a unit silent whose event is missing at the registry', () => {
    const silent = { event: 'low_battery', timeoutMs: 5000 };
    expect(en?.fault('device-silent', silent)).toMatchObject({
      message: 'The registry received no such event of the unit.',
      more: 'Event low_battery',
    });
    expect(zh?.faultName('device-silent', silent)).toBe('设备注册中心没有收到产品的事件');
    expect(en?.fault('device-silent', { command: 'AT' }).message).toBe('The unit does not answer.');
  });

  it('has words of its own for each thing that the registry has seen of a unit without its token', () => {
    const seen = [
      { seenNothing: true },
      { seenOnline: true },
      { tokenRefused: true },
      { otherDevice: 'line1_0002' },
      { stage: 'join' },
    ];
    for (const wording of [en, zh]) {
      const texts = seen.map((one) => wording?.fault('provisioning-timeout', { deviceName: 'd', ...one }));
      expect(new Set(texts.map((one) => one?.message)).size).toBe(seen.length);
      expect(texts[3]?.more).toContain('line1_0002');
    }
  });
});
