import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { handleMessage } from '../../../registry/mqtt/handle-message.ts';
import { connectPeer, loginOf } from '../support/mqtt-peer.ts';
import { lease, PRODUCT, startRegistry } from '../support/registry-fixture.ts';

describe('many devices', () => {
  it('log in, report and receive their own reply at the same time', async () => {
    await using setup = await startRegistry({ count: 30 });
    const triples = await lease(setup, 30);
    await Promise.all(
      triples.map(async ({ deviceName, deviceSecret }, i) => {
        await using peer = await connectPeer(setup.mqttPort, loginOf(PRODUCT, deviceName, deviceSecret));
        const down = `$thing/down/property/${PRODUCT}/${deviceName}`;
        await peer.client.subscribeAsync(down, { qos: 1 });
        const report = { method: 'report', clientToken: deviceName, params: { number: i } };
        await peer.client.publishAsync(
          `$thing/up/property/${PRODUCT}/${deviceName}`,
          JSON.stringify(report),
          { qos: 1 },
        );
        expect(await peer.next(down)).toMatchObject({
          method: 'report_reply',
          clientToken: deviceName,
          code: 0,
        });
        const { body } = await setup.get(`/v1/devices/${PRODUCT}/${deviceName}`);
        expect(body).toMatchObject({ connection: 'online', logins: 1, properties: { number: i } });
      }),
    );
  });

  it('with the same login leave exactly one of them connected', async () => {
    await using setup = await startRegistry({ count: 1 });
    const [triple] = await lease(setup, 1);
    if (triple === undefined) throw new Error('a triple was expected');
    const login = loginOf(PRODUCT, triple.deviceName, triple.deviceSecret);
    const attempts = await Promise.allSettled(
      Array.from({ length: 12 }, () => connectPeer(setup.mqttPort, login)),
    );
    const peers = attempts.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []));
    // One more, so that the last one is known: everybody before it must go.
    await using last = await connectPeer(setup.mqttPort, login);
    await Promise.all(peers.map((peer) => peer.closed));
    const { body } = await setup.get(`/v1/devices/${PRODUCT}/${triple.deviceName}`);
    expect(body).toMatchObject({ connection: 'online', logins: 13 });
    const down = `$thing/down/property/${PRODUCT}/${triple.deviceName}`;
    await last.client.subscribeAsync(down);
    await last.client.publishAsync(down.replace('down', 'up'), '{"method":"get_status"}');
    expect(await last.next(down)).toMatchObject({ method: 'get_status_reply' });
  });
});

describe('the reply to a message', () => {
  it('is JSON or nothing, whatever was sent', () => {
    const kinds = fc.constantFrom('property', 'event', 'action', 'service', 'raw', 'ota', 'system' as const);
    const known = fc.constantFrom(
      'report',
      'get_status',
      'report_info',
      'event_post',
      'events_post',
      'clear_control',
      'app_bind_token',
      'unbind_device',
      'control_reply',
    );
    const message = fc.oneof(
      fc.json(),
      fc
        .record({ method: known, clientToken: fc.anything(), params: fc.anything(), events: fc.anything() })
        .map((m) => JSON.stringify(m)),
      fc.record({ type: fc.constant('report_version'), report: fc.anything() }).map((m) => JSON.stringify(m)),
      fc.record({ type: fc.constant('get'), resource: fc.anything() }).map((m) => JSON.stringify(m)),
      fc.string(),
    );
    fc.assert(
      fc.property(kinds, message, (kind, text) => {
        const answer = handleMessage(kind, new TextEncoder().encode(text), 0);
        for (const reply of [
          answer.reply({ on: 1 }),
          answer.tooLarge(),
          answer.refuseBinding('token-unknown'),
        ]) {
          if (reply !== null) expect(JSON.parse(JSON.stringify(reply))).toBeTypeOf('object');
        }
      }),
    );
  });
});
