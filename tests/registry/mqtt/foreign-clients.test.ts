import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import type { IClientOptions, Packet } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRegistryStore } from '#registry';
import { refusalsReply, type RefusalView } from '#shared/registry-api/index.ts';
import { FOREIGN, FOREIGN_LOGINS, REFUSED_LOGINS } from '../support/foreign-logins.ts';
import { connectPeer, type Login, loginOf, type Peer, refusedWith } from '../support/mqtt-peer.ts';
import { type RegistrySetup, startRegistry } from '../support/registry-fixture.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { until } from '../../support/until.ts';

const MQTT_3_1: IClientOptions = { protocolId: 'MQIsdp', protocolVersion: 3 };
const NAME = `${FOREIGN.productId}/${FOREIGN.deviceName}`;
const OTHER = `${FOREIGN.productId}/lamp-02`;
const LONG_NAME = 'a-lamp-with-a-name-of-48-characters-000000000001';
const OTHER_SECRET = Buffer.alloc(16, 9).toString('base64');
const LOGIN = FOREIGN_LOGINS['the C SDK on 32 bits and the Java SDK'];

let setup: RegistrySetup;
beforeAll(async () => {
  setup = await startRegistry({ count: 1 });
  using store = openRegistryStore(setup.dataDir);
  const { productId, deviceName, deviceSecret } = FOREIGN;
  const triples = [
    { deviceName, deviceSecret },
    { deviceName: 'lamp-02', deviceSecret: OTHER_SECRET },
    { deviceName: LONG_NAME, deviceSecret: OTHER_SECRET.replace('C', 'D') },
  ];
  store.seedProduct({ productId, triples });
});
afterAll(() => setup[Symbol.asyncDispose]());

async function refusals(name: string = NAME): Promise<readonly RefusalView[]> {
  const [productId = '', deviceName = ''] = name.split('/');
  const query = new URLSearchParams({ productId, deviceName });
  const { body } = await setup.get(`/v1/refusals?${query}`);
  return refusalsReply.parse(body).refusals;
}

describe('a login in the form of foreign firmware', () => {
  it.each(Object.entries(FOREIGN_LOGINS))('is accepted: %s, by MQTT 3.1.1 and 3.1', async (_, login) => {
    for (const version of [{}, MQTT_3_1]) {
      await using peer = await connectPeer(setup.mqttPort, login, version);
      expect(peer.client.connected).toBe(true);
    }
  });

  it.each(REFUSED_LOGINS)('is refused with %s, and recorded', async (_, login, code, reason) => {
    expect(await refusedWith(setup.mqttPort, login)).toBe(code);
    expect(await refusals()).toContainEqual(
      expect.objectContaining({ act: 'login', reason, clientId: login.clientId, address: '127.0.0.1' }),
    );
  });

  it('is accepted by MQTT 3.1 with a client id of more than 23 characters', async () => {
    const login = loginOf(FOREIGN.productId, LONG_NAME, OTHER_SECRET.replace('C', 'D'), { digest: 'sha1' });
    expect(login.clientId.length).toBeGreaterThan(23);
    await using peer = await connectPeer(setup.mqttPort, login, MQTT_3_1);
    expect(peer.client.connected).toBe(true);
  });

  it('is refused by MQTT 5 with "unacceptable protocol version", and recorded', async () => {
    expect(await refusedWith(setup.mqttPort, LOGIN, { protocolVersion: 5 })).not.toContain('let in');
    expect(await refusals()).toContainEqual(
      expect.objectContaining({ act: 'login', reason: 'protocol-version', detail: 'protocol level 5' }),
    );
  });
});

describe('a series of refused logins', () => {
  it('without a wrong secret does not delay the right one', async () => {
    for (const [username, password] of [
      ['no-semicolons', LOGIN.password],
      [LOGIN.username, 'no-digest'],
      [`${LOGIN.username}0000000000`, LOGIN.password],
    ] as const)
      for (let n = 0; n < 3; n++)
        expect(await refusedWith(setup.mqttPort, { ...LOGIN, username, password })).toBe(4);
    await using peer = await connectPeer(setup.mqttPort, LOGIN);
    expect(peer.client.connected).toBe(true);
  });

  it('is not recorded as a violation of MQTT when the client disconnects before the reply', async () => {
    const wrong = loginOf(FOREIGN.productId, 'lamp-02', Buffer.alloc(16, 1).toString('base64'));
    for (let n = 0; n < 4; n++) await refusedWith(setup.mqttPort, wrong);
    const { clientId, username, password } = wrong;
    const text = (part: string) => Buffer.concat([Buffer.from([0, part.length]), Buffer.from(part)]);
    const body = Buffer.concat([
      ...[text('MQTT'), Buffer.of(4, 0xc2, 0, 60)],
      ...[clientId, username, password].map(text),
    ]);
    const packet = Buffer.concat([Buffer.of(0x10, 0x80 + (body.length % 128), body.length >> 7), body]);
    const socket = connect(setup.mqttPort, '127.0.0.1');
    // The registry refuses it at once, and holds the answer back for seconds.
    const refused = sum(await refusals(OTHER), 'login');
    socket.write(packet);
    await until(async () => sum(await refusals(OTHER), 'login') > refused, 'the fifth refusal');
    socket.destroy();
    // The next one is held back until the same moment.
    expect(await refusedWith(setup.mqttPort, wrong)).toBe(3);
    expect((await refusals(OTHER)).map(({ act, reason }) => `${act} ${reason}`).sort()).toEqual([
      'login password-wrong',
      'login too-often',
    ]);
  });
});

it('answers a future protocol level, and does not answer other bytes', async () => {
  const level = (n: number) => Buffer.from([0x10, 13, 0, 4, 77, 81, 84, 84, n, 2, 0, 60, 0, 1, 120]);
  expect(await answerTo(level(6))).toEqual(Buffer.of(0x20, 2, 0, 1));
  expect(await answerTo(Buffer.from('GET / HTTP/1.1\r\n\r\n'))).toEqual(Buffer.alloc(0));
});

describe('a publish without the right', () => {
  it.each([
    ["another device's topic", `$thing/up/property/${OTHER}`, {}, 'topic-foreign'],
    ['a downlink of its own', `$thing/down/property/${NAME}`, {}, 'topic-foreign'],
    ["the broker's own topic", '$SYS/x', {}, 'topic-foreign'],
    ['QoS 2', `$thing/up/property/${NAME}`, { qos: 2 as const }, 'qos-2'],
    ['a retained message', `$thing/up/property/${NAME}`, { retain: true }, 'retained'],
  ])(
    'to/with %s is not acknowledged, has no effect, and keeps the connection',
    async (_, topic, extra, why) => {
      await using peer = await connectPeer(setup.mqttPort, LOGIN);
      const answers = answersOf(peer);
      for (const qos of [0, 1] as const) {
        const options = { qos, ...extra };
        peer.client.publish(topic, '{"method":"report","params":{"stolen":1}}', options, () => undefined);
      }
      const status = await ask(peer, 'property', '{"method":"get_status","clientToken":"after"}');
      expect(status).toMatchObject({ clientToken: 'after', data: { reported: {} } });
      expect(answers.filter((cmd) => cmd !== 'suback' && cmd !== 'publish')).toEqual([]);
      expect((await setup.get(`/v1/devices/${OTHER}`)).body).toMatchObject({ properties: {} });
      expect(await refusals()).toContainEqual(
        expect.objectContaining({ act: 'publish', reason: why, detail: topic }),
      );
    },
  );

  it('and a subscription without it are counted in one entry each', async () => {
    await using peer = await connectPeer(setup.mqttPort, LOGIN, MQTT_3_1);
    const before = sum(await refusals(), 'subscribe');
    for (let n = 0; n < 3; n++)
      expect(await granted(peer, [`$thing/down/event/${NAME}`, `$thing/down/event/${OTHER}`])).toEqual([
        0, 128,
      ]);
    const entries = (await refusals()).filter(({ act }) => act === 'subscribe');
    expect(entries).toHaveLength(1);
    expect(sum(entries, 'subscribe') - before).toBe(3);
  });
});

describe('the requests of a device to the cloud', () => {
  it('the time, in seconds', async () => {
    await using peer = await connectPeer(setup.mqttPort, LOGIN);
    const before = Math.floor(Date.now() / 1000);
    const answer = await ask(peer, 'system', '{"type": "get", "resource": ["time"]}');
    const after = Math.floor(Date.now() / 1000);
    expect(Object.keys(answer)).toEqual(['type', 'time']);
    expect(answer['type']).toBe('get');
    expect(Number(answer['time'])).toBeGreaterThanOrEqual(before);
    expect(Number(answer['time'])).toBeLessThanOrEqual(after);
  });

  it.each([
    [
      'event',
      '{"method":"events_post","clientToken":"e-7","events":[{"eventId":"low","type":"info","timestamp":1,"params":{}}]}',
      { method: 'events_reply', clientToken: 'e-7', code: 0, status: '', data: {} },
    ],
    [
      'property',
      '{"method":"clear_control","clientToken":"c-7"}',
      { method: 'clear_control_reply', clientToken: 'c-7', code: 0, status: 'success' },
    ],
  ] as const)('%s: %s', async (kind, message, reply) => {
    await using peer = await connectPeer(setup.mqttPort, LOGIN);
    expect(await ask(peer, kind, message)).toEqual(reply);
  });

  it.each([{}, { clean: false }])(
    'many requests at once, with QoS 1 and 0 alternately: each answered, in order (%j)',
    async (session) => {
      await using peer = await connectPeer(setup.mqttPort, LOGIN, session);
      const [property, event] = [topicsOf('property'), topicsOf('event')];
      await peer.client.subscribeAsync({ [property.down]: { qos: 0 }, [event.down]: { qos: 1 } });
      const heard: unknown[] = [];
      const all = new Promise<void>((resolve) =>
        peer.client.on('message', (_, payload) => {
          heard.push((JSON.parse(payload.toString()) as { clientToken: unknown }).clientToken);
          if (heard.at(-1) === 't19') resolve();
        }),
      );
      for (let n = 0; n < 20; n++) {
        const message = { method: n % 2 === 0 ? 'event_post' : 'clear_control', eventId: 'low' };
        const { up } = n % 2 === 0 ? event : property;
        const text = JSON.stringify({ ...message, clientToken: `t${n}` });
        peer.client.publish(up, text, { qos: n % 2 === 0 ? 1 : 0 });
      }
      await all;
      expect(heard).toEqual(Array.from({ length: 20 }, (_, n) => `t${n}`));
    },
  );

  it.each([
    ['event', '{"method":"events_post","clientToken":"e","events":[]}', 'content-wrong', 'events_post'],
    ['event', '{"method":"events_post","events":[{"type":"info"}]}', 'content-wrong', 'events_post'],
    ['event', '{"method":"evnt_post","eventId":"low"}', 'method-unknown', 'evnt_post'],
    ['property', 'power=1', 'not-json', ''],
    ['system', '{"type":"get","resource":["weather"]}', 'content-wrong', 'get'],
  ] as const)('%s: %s is refused and recorded: %s', async (kind, message, reason, detail) => {
    await using peer = await connectPeer(setup.mqttPort, LOGIN);
    await peer.client.publishAsync(topicsOf(kind).up, message, { qos: 1 });
    expect(await refusals()).toContainEqual(expect.objectContaining({ act: 'message', reason, detail }));
  });
});

describe.skipIf(!existsSync('/usr/bin/mosquitto_pub'))("Mosquitto's clients", () => {
  it.each(['mqttv31', 'mqttv311'])('ask for the time with %s', async (version) => {
    const { up, down } = topicsOf('system');
    const login = FOREIGN_LOGINS['the Python SDK: milliseconds and SHA-1'];
    const who = mosquitto(login, version);
    const heard = run('mosquitto_rr', [
      ...who,
      '-t',
      up,
      '-e',
      down,
      '-m',
      '{"type":"get","resource":["time"]}',
    ]);
    expect(JSON.parse((await heard).stdout)).toMatchObject({ type: 'get' });
  });

  it('are refused by MQTT 5 because of the version', async () => {
    const who = mosquitto(LOGIN, 'mqttv5');
    const { code, stderr } = await run('mosquitto_pub', [...who, '-t', topicsOf('property').up, '-m', '{}']);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/unsupported protocol version/i);
  });
});

/** Everything that comes for these bytes until the other side hangs up. */
function answerTo(bytes: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(setup.mqttPort, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(chunks)));
  });
}

type Kind = 'property' | 'event' | 'system';

function topicsOf(kind: Kind): { readonly up: string; readonly down: string } {
  if (kind === 'system') return { up: `$sys/operation/${NAME}`, down: `$sys/operation/result/${NAME}` };
  return { up: `$thing/up/${kind}/${NAME}`, down: `$thing/down/${kind}/${NAME}` };
}

async function ask(peer: Peer, kind: Kind, message: string): Promise<Record<string, unknown>> {
  const { up, down } = topicsOf(kind);
  await peer.client.subscribeAsync(down);
  const answer = peer.next(down);
  await peer.client.publishAsync(up, message);
  return answer;
}

/** Every kind of packet that comes from now on. */
function answersOf(peer: Peer): string[] {
  const cmds: string[] = [];
  peer.client.on('packetreceive', ({ cmd }) => cmds.push(String(cmd)));
  return cmds;
}

function granted(peer: Peer, topics: string[]): Promise<unknown> {
  return new Promise((resolve) => {
    const listen = (packet: Packet): void => {
      if (packet.cmd !== 'suback') return;
      peer.client.off('packetreceive', listen);
      resolve(packet.granted);
    };
    peer.client.on('packetreceive', listen);
    peer.client.subscribe(topics, () => undefined);
  });
}

function sum(entries: readonly RefusalView[], act: string): number {
  return entries.filter((entry) => entry.act === act).reduce((total, { count }) => total + count, 0);
}

function mosquitto(login: Login, version: string): string[] {
  const { clientId, username, password } = login;
  const at = ['-h', '127.0.0.1', '-p', String(setup.mqttPort), '-V', version];
  return [...at, '-i', clientId, '-u', username, '-P', password];
}

function run(program: string, args: readonly string[]) {
  return new Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>(
    (resolve) => {
      execFile(program, args, { timeout: PATIENCE_MS }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
      });
    },
  );
}
