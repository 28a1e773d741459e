import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { connectPeer, loginOf } from './support/mqtt-peer.ts';
import { lease, PRODUCT, startRegistry } from './support/registry-fixture.ts';
import { chip, retireEvent, runEvent } from './support/sample-events.ts';

describe('a restart', () => {
  it('keeps everything except the connections', async () => {
    await using setup = await startRegistry();
    const [used, retired] = await lease(setup, 3);
    if (!used || !retired) throw new Error('three triples expected');
    await using peer = await connectPeer(
      setup.mqttPort,
      loginOf(PRODUCT, used.deviceName, used.deviceSecret),
    );
    const topic = `$thing/up/property/${PRODUCT}/${used.deviceName}`;
    await peer.client.publishAsync(topic, '{"method":"report","params":{"on":1}}', { qos: 1 });
    await setup.post('/v1/events', {
      events: [runEvent(1, used.deviceName), retireEvent('r', retired.deviceName, null)],
    });
    const paths = [
      `/v1/products`,
      `/v1/leases`,
      `/v1/devices`,
      `/v1/devices/${PRODUCT}/${retired.deviceName}`,
      `/v1/units/${chip(1)}`,
    ];
    const ask = () => Promise.all(paths.map(async (path) => JSON.stringify((await setup.get(path)).body)));
    const before = await ask();
    expect(before[2]).toContain('"connection":"online"');
    const token = setup.registry.enrolmentToken;
    await setup.restart();
    await peer.closed;
    const offline = before.map((text) => text.replaceAll('"connection":"online"', '"connection":"offline"'));
    expect(await ask()).toEqual(offline);
    expect(setup.registry.enrolmentToken).toBe(token);
    await using back = await connectPeer(
      setup.mqttPort,
      loginOf(PRODUCT, used.deviceName, used.deviceSecret),
    );
    expect(back.client.connected).toBe(true);
  });
});

describe('secrets', () => {
  it('are nowhere in the data directory, the log or any reply but the lease', async () => {
    await using setup = await startRegistry({ count: 20 });
    const triples = await lease(setup, 20);
    const said: string[] = [];
    for (const [i, triple] of triples.entries()) {
      const wrong = loginOf(PRODUCT, triple.deviceName, 'AAAAAAAAAAAAAAAAAAAAAA==');
      await connectPeer(setup.mqttPort, wrong).catch(() => undefined);
      if (i > 3) continue;
      const peer = await connectPeer(
        setup.mqttPort,
        loginOf(PRODUCT, triple.deviceName, triple.deviceSecret),
      );
      await peer.client.endAsync();
      const { body } = await setup.post('/v1/events', { events: [runEvent(i + 1, triple.deviceName)] });
      said.push(JSON.stringify(body), JSON.stringify((await setup.get(`/v1/units/${chip(i + 1)}`)).body));
    }
    for (const path of [
      '/v1/products',
      '/v1/leases',
      '/v1/devices',
      `/v1/devices/${PRODUCT}/${triples[0]?.deviceName ?? ''}`,
    ]) {
      said.push(JSON.stringify((await setup.get(path)).body));
    }
    // Wrong input that carries a secret must not come back either.
    const leaky = { requestId: 'x', productId: triples[0]?.deviceSecret, count: 1 };
    said.push(
      JSON.stringify((await setup.post('/v1/leases', leaky)).body),
      JSON.stringify(setup.tap.entries),
    );

    const files = readdirSync(setup.dataDir, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    expect(files.map((file) => file.name)).toEqual(
      expect.arrayContaining(['registry.db', 'registry.db-wal']),
    );
    const haystack = Buffer.concat([
      ...files.map((file) => readFileSync(join(file.parentPath, file.name))),
      Buffer.from(said.join('\n')),
    ]);
    for (const { deviceSecret } of triples) {
      const raw = Buffer.from(deviceSecret, 'base64');
      const hex = raw.toString('hex');
      const forms = [
        raw,
        deviceSecret,
        deviceSecret.replace(/=+$/, ''),
        raw.toString('base64url'),
        hex,
        hex.toUpperCase(),
      ];
      for (const form of [
        ...forms,
        Buffer.from(deviceSecret).toString('base64'),
        Buffer.from(deviceSecret).toString('hex'),
      ]) {
        expect(haystack.includes(form)).toBe(false);
      }
    }
  });
});
