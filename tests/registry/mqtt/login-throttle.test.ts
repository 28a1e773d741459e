import { describe, expect, it } from 'vitest';
import { refusalsReply } from '#shared/registry-api/index.ts';
import { createLoginThrottle, type LoginOrigin } from '../../../registry/mqtt/login-throttle.ts';
import { connectPeer, loginOf, refusedWith } from '../support/mqtt-peer.ts';
import { lease, PRODUCT, startRegistry } from '../support/registry-fixture.ts';

const device = (clientId: string, address = '10.0.0.1'): LoginOrigin => ({
  address,
  clientId,
  isKnown: true,
});
const stranger = (clientId: string, address = '10.0.0.1'): LoginOrigin => ({
  address,
  clientId,
  isKnown: false,
});
const WRONG = 'AAAAAAAAAAAAAAAAAAAAAA==';

describe('a client that tries secrets', () => {
  it('waits longer each time, up to half a minute, and no other client waits', () => {
    let nowMs = 1_000_000;
    const throttle = createLoginThrottle(() => nowMs);
    const waits = Array.from({ length: 16 }, () => throttle.failed(device('d')));
    expect(waits.slice(0, 9)).toEqual([0, 0, 0, 0, 1000, 2000, 4000, 8000, 16_000]);
    expect(waits.at(-1)).toBe(30_000);
    expect(throttle.waitMs(device('d'))).toBe(30_000);
    expect([device('e'), device('d', '10.0.0.2'), stranger('x')].map((one) => throttle.waitMs(one))).toEqual([
      0, 0, 0,
    ]);
    nowMs += 29_999;
    expect(throttle.waitMs(device('d'))).toBe(1);
    nowMs += 1;
    expect(throttle.waitMs(device('d'))).toBe(0);
    throttle.succeeded(device('d'));
    expect(throttle.failed(device('d'))).toBe(0);
  });

  it('waits no longer because the clock was set back, and the count stays', () => {
    let nowMs = 10_000_000;
    const throttle = createLoginThrottle(() => nowMs);
    for (let n = 0; n < 9; n += 1) throttle.failed(device('d'));
    nowMs -= 600_000;
    expect(throttle.waitMs(device('d'))).toBe(0);
    expect(throttle.failed(device('d'))).toBe(30_000);
    expect(throttle.waitMs(device('d'))).toBe(30_000);
  });

  it('has two attempts per minute, however often it tries', () => {
    let nowMs = 0;
    const throttle = createLoginThrottle(() => nowMs);
    let judged = 0;
    for (; nowMs < 3_600_000; nowMs += 50) {
      if (throttle.waitMs(device('d')) > 0) continue;
      judged += 1;
      throttle.failed(device('d'));
    }
    expect(judged).toBeLessThan(130);
  });

  it('with unknown names is slowed down by address, with limited memory', () => {
    const throttle = createLoginThrottle(() => 1);
    const waits = Array.from({ length: 30_000 }, (_, n) => throttle.failed(stranger(`x${n}`)));
    expect(waits[18]).toBe(0);
    expect(waits[19]).toBe(1000);
    expect(throttle.waitMs(device('d'))).toBe(0);
    for (let n = 0; n < 30_000; n++) throttle.failed(stranger('x', `address ${n}`));
    expect(throttle.failed(stranger('x'))).toBe(0);
  });
});

describe('the broker', () => {
  it('delays wrong logins of one device, and accepts a right one of another, also with a distant expiry', async () => {
    let nowMs = 1_700_000_000_000;
    await using setup = await startRegistry({ count: 2, now: () => nowMs });
    const [tried, other] = await lease(setup, 2);
    if (tried === undefined || other === undefined) throw new Error('two triples expected');
    const wrong = loginOf(PRODUCT, tried.deviceName, WRONG);
    for (let n = 0; n < 4; n++) expect(await refusedWith(setup.mqttPort, wrong)).toBe(4);
    // Forty more at once: one is judged, and nobody hears more of a right guess than of a wrong one.
    const more = Array.from({ length: 40 }, () => refusedWith(setup.mqttPort, wrong));
    const right = loginOf(PRODUCT, other.deviceName, other.deviceSecret, { expiryS: 4_000_000_000 });
    await using peer = await connectPeer(setup.mqttPort, right);
    expect(peer.client.connected).toBe(true);
    await Promise.all(more);
    const { body } = await setup.get('/v1/refusals');
    const counts = refusalsReply.parse(body).refusals.map(({ reason, count }) => [reason, count]);
    expect(Object.fromEntries(counts)).toEqual({ 'password-wrong': 5, 'too-often': 39 });
    nowMs += 1000;
    const own = loginOf(PRODUCT, tried.deviceName, tried.deviceSecret);
    await using let_in = await connectPeer(setup.mqttPort, own);
    expect(let_in.client.connected).toBe(true);
  });
});
