import { describe, expect, it } from 'vitest';

import type { DeviceContext } from '../../../../simulator/profiles/profile.ts';
import { ActiveFaults, type UnitFault } from '../../../../simulator/faults/index.ts';
import { createRandom } from '../../../../simulator/platform/index.ts';
import { accessPoint, WifiAir } from '../../../../simulator/air/index.ts';
import { WifiUnit } from '../../../../simulator/parts/provisioning/index.ts';
import { until } from '../../../support/until.ts';
import { TestBroker } from '../../support/broker.ts';

const IDENTITY = {
  productId: 'GWCAMERA01',
  deviceName: 'cam-1',
  deviceSecret: 'R3VhbmdkaWFuIE5vcnRoIQ==',
  region: '1',
};
const UP = '$thing/up/service/GWCAMERA01/cam-1';
const DOWN = '$thing/down/service/GWCAMERA01/cam-1';
const GIVEN = { ssid: 'Line 3', password: 'test-12345678', token: 'v3_0123456789abcdef0123456789abc' };

/** A unit whose work takes no time; `waited` has the times that it would take, in milliseconds. */
function unitIn(mqttUrl: string | null, faults: readonly UnitFault[] = []) {
  const waited: number[] = [];
  const air = new WifiAir([
    accessPoint.parse({ ssid: 'Line 3', password: 'test-12345678' }),
    accessPoint.parse({ ssid: 'Line 5', password: 'test-12345678', channel: 44 }),
    accessPoint.parse({ ssid: 'dry', dhcpMs: null }),
    accessPoint.parse({ ssid: 'far', reachable: false }),
  ]);
  const context = {
    flash: { identity: IDENTITY },
    faults: new ActiveFaults(faults),
    random: createRandom('test'),
    mqttUrl,
    wifi: air,
    nowMs: () => Date.now(),
    wait: (ms: number) => {
      waited.push(ms);
      return Promise.resolve();
    },
  } as unknown as DeviceContext;
  return { unit: new WifiUnit(context, '1.0.0'), waited };
}
const never = new AbortController().signal;

describe('a simulated unit that is provisioned over the air', () => {
  it.each([
    ['Line 3', 'test-12345678', 'joined'],
    ['Line 3', 'test-87654321', 'wrong-password'],
    ['Line 5', 'test-12345678', 'no-such-network'],
    ['nowhere', '', 'no-such-network'],
    ['dry', '', 'no-address'],
    ['far', '', 'time-out'],
  ])('joins %s with %s: %s', async (ssid, password, result) => {
    const { unit } = unitIn(null);
    expect(await unit.join(ssid, password, never)).toBe(result);
    expect(unit.wifi.known).toEqual(result === 'joined' ? { ssid, password } : null);
    expect(unit.wifi.joined?.ssid ?? null).toBe(result === 'joined' ? ssid : null);
  });

  it('reports its token after its login only, and takes the reply to its own report', async () => {
    await using broker = await TestBroker.start(new Map([['GWCAMERA01cam-1', IDENTITY.deviceSecret]]));
    const { unit } = unitIn(broker.url, [{ fault: 'dhcp-slow', ms: 4321 }]);
    expect(await unit.reportToken(GIVEN.token)).toBe('not-sent');
    const ended = unit.provision(GIVEN, never);
    const { payload } = await broker.hears(({ topic }) => topic === UP);
    const request = JSON.parse(payload) as { readonly clientToken: string };
    expect(request).toEqual({
      method: 'app_bind_token',
      clientToken: request.clientToken,
      params: { token: GIVEN.token },
    });
    expect(broker.logins).toMatchObject([{ clientId: 'GWCAMERA01cam-1', accepted: true }]);
    const reply = { method: 'app_bind_token_reply', clientToken: 'of another', code: 0, status: 'success' };
    await broker.publish(DOWN, JSON.stringify(reply));
    await broker.publish(
      DOWN,
      JSON.stringify({ ...reply, clientToken: request.clientToken, code: 7, status: 'used' }),
    );
    expect(await ended).toEqual({ stage: 'reply', reply: { code: 7, status: 'used' } });
    await broker.publish(DOWN, JSON.stringify({ method: 'bind_device' }));
    await until(() => unit.isBound, 'the unit to know that it is bound');
    await broker.publish(DOWN, JSON.stringify({ method: 'unbind_device' }));
    await until(() => !unit.online, 'the unit to reset itself');
    expect([unit.isBound, unit.wifi.known, unit.wifi.joined]).toEqual([false, null, null]);
  });

  it.each<[reported: string, fault: UnitFault]>([
    ['v3_0123456789abcdef0123456789ab0', { fault: 'token-wrong' }],
    ['v3_ffff', { fault: 'token-wrong', token: 'v3_ffff' }],
  ])('reports %s with the fault', async (reported, fault) => {
    await using broker = await TestBroker.start(new Map([['GWCAMERA01cam-1', IDENTITY.deviceSecret]]));
    const { unit } = unitIn(broker.url, [fault]);
    const ended = unit.provision(GIVEN, never);
    const { payload } = await broker.hears(({ topic }) => topic === UP);
    const { clientToken, params } = JSON.parse(payload) as {
      readonly clientToken: string;
      readonly params: { readonly token: string };
    };
    expect(params.token).toBe(reported);
    await broker.publish(
      DOWN,
      JSON.stringify({ method: 'app_bind_token_reply', clientToken, code: 0, status: '' }),
    );
    await ended;
    await unit.close(true);
  });

  it('ends at the login without a broker', async () => {
    const { unit } = unitIn('mqtt://127.0.0.1:1', [{ fault: 'broker-away', times: 1 }]);
    expect(await unit.provision(GIVEN, never)).toEqual({ stage: 'login', result: 'no-broker' });
    expect(unit.wifi.joined?.ssid).toBe('Line 3');
  });
});
