import { describe, expect, it } from 'vitest';
import type { FaultNamed } from '../../../../../../simulator/faults/index.ts';
import {
  BLE_PROVISIONING,
  type ProvisioningReport,
} from '../../../../../../station/devices/protocols/index.ts';
import { faultOf } from '../../../../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../../../../support/never-aborted.ts';
import { GIVEN, UnitOnLink, type UnitOptions } from './unit-on-link.ts';

type AnswerFault = FaultNamed<'llsync-answer'>;

const OPTIONS = { deviceName: 'Dev01', answerMs: 5000, joinMs: 65_000 };

function answers(at: AnswerFault['at'], does: AnswerFault['does']): UnitOptions {
  return { faults: [{ fault: 'llsync-answer', at, does, times: 1 }] };
}

async function provision(unit: UnitOnLink, given: Partial<typeof GIVEN> = {}): Promise<ProvisioningReport> {
  unit.mask.protect([GIVEN.password, GIVEN.token]);
  const { llsync } = BLE_PROVISIONING;
  return llsync.provision(unit.connect(), { ...GIVEN, ...given }, OPTIONS, NEVER_ABORTED);
}

describe('provisioning a simulated unit by LLSync', () => {
  it.each([
    ['FFF0', 23],
    ['FFF0', 247],
    ['FFE8', 23],
    ['FFE8', 247],
  ] as const)('gives it network and token over %s at an MTU of %i', async (kind, mtu) => {
    using unit = new UnitOnLink(kind, { mtu });
    const report = await provision(unit);
    expect(report).toMatchObject({ name: 'Dev01', ssid: GIVEN.ssid, isConfirmed: true });
    expect(unit.reported).toEqual([GIVEN.token]);
  });

  it.each(['info', 'mode', 'network', 'join', 'token'] as const)(
    'ends with a clear fault when the connection breaks at the answer %s, and succeeds at once on the next',
    async (at) => {
      using unit = new UnitOnLink('FFF0', answers(at, 'drop'));
      // After the token was written the registry decides.
      if (at === 'token') expect(await provision(unit)).toMatchObject({ isConfirmed: false });
      else expect(await faultOf(() => provision(unit))).toMatchObject({ code: 'ble-lost' });
      expect(await provision(unit)).toMatchObject({ isConfirmed: true });
    },
  );

  it.each(['info', 'mode', 'network', 'join', 'token'] as const)(
    'names the answer %s that is lost',
    async (at) => {
      using unit = new UnitOnLink('FFF0', answers(at, 'lose'));
      expect(await faultOf(() => provision(unit))).toMatchObject({ code: 'device-silent' });
      expect(await provision(unit)).toMatchObject({ isConfirmed: true });
    },
  );

  it.each(['mode', 'network', 'token'] as const)('names the stage %s that it refuses', async (at) => {
    using unit = new UnitOnLink('FFF0', answers(at, 'refuse'));
    expect((await faultOf(() => provision(unit))).code).toBe('provisioning-refused');
    expect(unit.reported).toEqual([]);
  });

  it.each(['garbage', 'repeat-slice'] as const)('passes over %s before an answer', async (does) => {
    for (const at of ['info', 'join'] as const) {
      using unit = new UnitOnLink('FFF0', { ...answers(at, does), mtu: 23 });
      expect(await provision(unit)).toMatchObject({ isConfirmed: true });
    }
  });

  it('says what came when slices are in the wrong order', async () => {
    using unit = new UnitOnLink('FFF0', { ...answers('join', 'misorder'), mtu: 23 });
    expect(await faultOf(() => provision(unit))).toMatchObject({
      code: 'device-garbled',
      message: expect.stringContaining('it continues a message that has not begun') as string,
    });
  });

  it.each([23, 247])('hides the password that its log says, also cut in slices (MTU %i)', async (mtu) => {
    using unit = new UnitOnLink('FFF0', { mtu });
    const password = 'not the password of it';
    unit.mask.protect([password]);
    const fault = await faultOf(() => provision(unit, { password }));
    expect(fault).toMatchObject({ code: 'provisioning-refused', details: { stage: 'join' } });
    expect(fault.message).toContain('its log: wifi: wrong-password, ssid GW-LINE 测试, pwd ***');
    expect(unit.reported).toEqual([]);
  });

  it('waits as long as it may join, and no longer', async () => {
    using unit = new UnitOnLink('FFF0', { network: { reachable: false } });
    expect(await faultOf(() => provision(unit))).toMatchObject({ code: 'provisioning-refused' });
    using slow = new UnitOnLink('FFF0', { network: { dhcpMs: 70_000 } });
    expect(await faultOf(() => provision(slow))).toMatchObject({ code: 'device-silent' });
  });
});
