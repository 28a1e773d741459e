import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectPeer, loginOf, refusedWith } from '../support/mqtt-peer.ts';
import {
  lease,
  PRODUCT,
  startRegistry,
  type RegistrySetup,
  type LeasedTriple,
} from '../support/registry-fixture.ts';
import { retireEvent } from '../support/sample-events.ts';

let setup: RegistrySetup;
let pool: LeasedTriple[];

beforeAll(async () => {
  setup = await startRegistry({ count: 20 });
  pool = await lease(setup, 20);
});
afterAll(() => setup[Symbol.asyncDispose]());

/** A triple no other test uses. */
function nextTriple(): LeasedTriple {
  const triple = pool.shift();
  if (triple === undefined) throw new Error('seed more triples');
  return triple;
}

function loginFor({ deviceName, deviceSecret }: LeasedTriple, options = {}) {
  return loginOf(PRODUCT, deviceName, deviceSecret, options);
}

async function device({ deviceName }: LeasedTriple) {
  return (await setup.get(`/v1/devices/${PRODUCT}/${deviceName}`)).body;
}

describe('a device at the broker', () => {
  it('is online once let in, with either digest, and offline once gone', async () => {
    for (const digest of ['sha256', 'sha1'] as const) {
      const triple = nextTriple();
      expect(await device(triple)).toMatchObject({ connection: 'never-seen', logins: 0, firstSeenMs: null });
      const peer = await connectPeer(setup.mqttPort, loginFor(triple, { digest }));
      expect(await device(triple)).toMatchObject({ connection: 'online', logins: 1 });
      const before = setup.tap.entries.filter((entry) => entry.event === 'mqtt.offline').length;
      await peer.client.endAsync();
      await setup.tap.seen('mqtt.offline', before + 1);
      const gone = await device(triple);
      expect(gone).toMatchObject({ connection: 'offline', logins: 1 });
      expect(gone.lastSeenMs).toBeGreaterThanOrEqual(Number(gone.firstSeenMs));
    }
  });

  it('is refused with a wrong secret, an unknown name, an expired login, a will, a foreign client id', async () => {
    const triple = nextTriple();
    const port = setup.mqttPort;
    const right = loginFor(triple);
    expect(await refusedWith(port, loginOf(PRODUCT, triple.deviceName, 'AAAAAAAAAAAAAAAAAAAAAA=='))).toBe(4);
    expect(await refusedWith(port, loginOf(PRODUCT, 'nobody', triple.deviceSecret))).toBe(4);
    expect(await refusedWith(port, { ...right, clientId: `${PRODUCT}other` })).toBe(4);
    expect(await refusedWith(port, loginFor(triple, { expiryS: 1_600_000_000 }))).toBe(5);
    expect(
      await refusedWith(port, right, {
        will: { topic: 'x', payload: Buffer.from('x'), qos: 0, retain: false },
      }),
    ).toBe(5);
    expect(await refusedWith(port, right, { keepalive: 901 })).toBe(5);
    expect(await device(triple)).toMatchObject({ connection: 'never-seen', logins: 0 });
  });

  it('is disconnected by a second login of the same client, which stays online', async () => {
    const triple = nextTriple();
    await using first = await connectPeer(setup.mqttPort, loginFor(triple));
    await using second = await connectPeer(setup.mqttPort, loginFor(triple));
    await first.closed;
    await using third = await connectPeer(setup.mqttPort, loginFor(triple));
    await second.closed;
    expect(await device(triple)).toMatchObject({ connection: 'online', logins: 3 });
    const topic = `$thing/down/property/${PRODUCT}/${triple.deviceName}`;
    await third.client.subscribeAsync(topic);
    const reply = third.next(topic);
    await third.client.publishAsync(
      `$thing/up/property/${PRODUCT}/${triple.deviceName}`,
      '{"method":"get_status","clientToken":"t"}',
    );
    expect(await reply).toMatchObject({ method: 'get_status_reply', code: 0 });
  });

  it('is disconnected when its identity is retired, and refused from then on', async () => {
    const triple = nextTriple();
    await using peer = await connectPeer(setup.mqttPort, loginFor(triple));
    const { body } = await setup.post('/v1/events', {
      events: [retireEvent('retire-online', triple.deviceName, null)],
    });
    expect(body).toMatchObject({ results: [{ status: 'applied' }] });
    await peer.closed;
    expect(await refusedWith(setup.mqttPort, loginFor(triple))).toBe(5);
    await expect.poll(() => device(triple)).toMatchObject({ state: 'retired', connection: 'offline' });
  });
});

describe('a connected device', () => {
  it('reports properties, which are merged and acknowledged', async () => {
    const triple = nextTriple();
    const up = `$thing/up/property/${PRODUCT}/${triple.deviceName}`;
    const down = `$thing/down/property/${PRODUCT}/${triple.deviceName}`;
    await using peer = await connectPeer(setup.mqttPort, loginFor(triple));
    await peer.client.subscribeAsync(down, { qos: 1 });
    for (const [clientToken, params] of [
      ['1', { power_switch: 1, color: 'red' }],
      ['2', { color: 'blue', __proto__x: 1 }],
    ] as const) {
      const reply = peer.next(down);
      await peer.client.publishAsync(up, JSON.stringify({ method: 'report', clientToken, params }), {
        qos: 1,
      });
      expect(await reply).toEqual({ method: 'report_reply', clientToken, code: 0, status: 'success' });
    }
    expect((await device(triple)).properties).toEqual({ power_switch: 1, color: 'blue', __proto__x: 1 });

    const status = peer.next(down);
    await peer.client.publishAsync(
      up,
      JSON.stringify({ method: 'get_status', type: 'report', clientToken: '3' }),
    );
    expect(await status).toMatchObject({ data: { reported: { power_switch: 1, color: 'blue' } } });

    const refused = peer.next(down);
    await peer.client.publishAsync(up, JSON.stringify({ method: 'report', clientToken: '4', params: [1] }));
    expect(await refused).toMatchObject({ clientToken: '4', code: 406 });

    for (const name of ['a', 'b']) {
      await peer.client.publishAsync(
        up,
        JSON.stringify({ method: 'report', params: { [name]: 'x'.repeat(40_000) } }),
      );
    }
    expect(await peer.next(down)).toMatchObject({ code: 0 });
    expect(await peer.next(down)).toMatchObject({ code: 406 });
  });

  it('reports numbers with all their digits; those with more digits than a number can hold are texts', async () => {
    const triple = nextTriple();
    const topic = (way: string): string => `$thing/${way}/property/${PRODUCT}/${triple.deviceName}`;
    await using peer = await connectPeer(setup.mqttPort, loginFor(triple));
    await peer.client.subscribeAsync(topic('down'), { qos: 1 });
    const reply = peer.next(topic('down'));
    const params = '{"uid":12345678901234567890,"count":9007199254740991,"ma":[0.1,1e400]}';
    await peer.client.publishAsync(topic('up'), `{"method":"report","params":${params}}`);
    expect(await reply).toMatchObject({ code: 0 });
    expect((await device(triple)).properties).toEqual({
      uid: '12345678901234567890',
      count: 9_007_199_254_740_991,
      ma: [0.1, '1e400'],
    });
  });

  it('posts events, binds, and reports its firmware version', async () => {
    const triple = nextTriple();
    const own = `${PRODUCT}/${triple.deviceName}`;
    await using peer = await connectPeer(setup.mqttPort, loginFor(triple));
    for (const [up, down, message, reply] of [
      [
        `$thing/up/event/${own}`,
        `$thing/down/event/${own}`,
        {
          method: 'event_post',
          clientToken: 'e',
          version: '1.0',
          eventId: 'low_battery',
          type: 'alert',
          params: {},
        },
        { method: 'event_reply', clientToken: 'e', code: 0 },
      ],
      [
        `$thing/up/service/${own}`,
        `$thing/down/service/${own}`,
        { method: 'app_bind_token', clientToken: 'client-1234', params: { token: 't' } },
        { method: 'app_bind_token_reply', clientToken: 'client-1234', code: 406 },
      ],
      [
        `$ota/report/${own}`,
        `$ota/update/${own}`,
        { type: 'report_version', report: { version: '0.1' } },
        { type: 'report_version_rsp', version: '0.1', result_code: 0, result_msg: 'success' },
      ],
    ] as const) {
      await peer.client.subscribeAsync(down);
      const answered = peer.next(down);
      await peer.client.publishAsync(up, JSON.stringify(message));
      expect(await answered).toMatchObject(reply);
    }
    expect((await device(triple)).firmwareVersion).toBe('0.1');
  });

  it('is ignored when it sends no JSON, and stays connected', async () => {
    const triple = nextTriple();
    const up = `$thing/up/property/${PRODUCT}/${triple.deviceName}`;
    const down = `$thing/down/property/${PRODUCT}/${triple.deviceName}`;
    await using peer = await connectPeer(setup.mqttPort, loginFor(triple));
    await peer.client.subscribeAsync(down);
    const reply = peer.next(down);
    for (const junk of ['', '{', 'null', '[]', '"x"', Buffer.from([0xff, 0xfe])])
      await peer.client.publishAsync(up, junk);
    await peer.client.publishAsync(up, '{"method":"report","params":{"on":true}}');
    expect(await reply).toMatchObject({ method: 'report_reply', code: 0 });
  });
});

describe('a device that exceeds its rights', () => {
  it('subscribes to nothing but its own topics', async () => {
    const [mine, other] = [nextTriple(), nextTriple()];
    await using peer = await connectPeer(setup.mqttPort, loginFor(mine));
    const own = `$thing/down/property/${PRODUCT}/${mine.deviceName}`;
    const denied = [
      `$thing/down/property/${PRODUCT}/${other.deviceName}`,
      `$thing/down/property/${PRODUCT}/+`,
      '#',
      '$thing/#',
      '$SYS/#',
      `$thing/up/property/${PRODUCT}/${mine.deviceName}`,
    ];
    const granted = await new Promise((resolve) => {
      peer.client.on('packetreceive', (packet) => {
        if (packet.cmd === 'suback') resolve(packet);
      });
      peer.client.subscribe([own, ...denied], () => undefined);
    });
    expect(granted).toMatchObject({ cmd: 'suback', granted: [0, ...denied.map(() => 128)] });
  });

  it('cannot make the broker collect an endless packet', async () => {
    const mine = pool[0];
    if (mine === undefined) throw new Error('seed more triples');
    await using peer = await connectPeer(setup.mqttPort, loginFor(mine));
    peer.client.publish(
      `$thing/up/raw/${PRODUCT}/${mine.deviceName}`,
      Buffer.alloc(1024 * 1024),
      () => undefined,
    );
    await peer.closed;
  });
});
