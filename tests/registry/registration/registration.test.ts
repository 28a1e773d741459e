import { createDecipheriv, createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRegistryStore } from '#registry';
import { sealForDevice } from '../../../registry/registration/payload.ts';
import { isLegacySignedBy, isSignedBy } from '../../../registry/registration/signed-text.ts';
import { connectPeer, loginOf } from '../support/mqtt-peer.ts';
import { runEvent } from '../support/sample-events.ts';
import { lease, PRODUCT, type RegistrySetup, startRegistry } from '../support/registry-fixture.ts';
import { faultOf } from '../../support/fault-of.ts';

/** The product secret of the computed vectors. */
const SECRET = '0123456789abcdefghijklmn';
const DECISION = { reason: 'test', approver: 'Wang' };

let nowMs = 1_795_893_925_000;
let setup: RegistrySetup;
beforeAll(async () => {
  setup = await startRegistry({ count: 8, now: () => nowMs });
  using store = openRegistryStore(setup.dataDir);
  store.rotateProductSecret(PRODUCT, SECRET, DECISION);
  store.setRegisterType(PRODUCT, { registerType: 1, createLimit: 0 }, DECISION);
});
afterAll(() => setup[Symbol.asyncDispose]());

interface Asked {
  readonly productId?: string;
  readonly secret?: string;
  readonly algorithm?: string;
  readonly timestamp?: number;
  readonly nonce?: string;
  readonly more?: object;
  /** Another spelling of the signature. */
  readonly spell?: (base64: string) => string;
}

let nonces = 1;
/** A device of its own: signs and decrypts here. Returns the DeviceSecret or the error's code. */
async function register(deviceName: string, asked: Asked = {}): Promise<string> {
  const { productId = PRODUCT, secret = SECRET, algorithm = 'hmacsha256' } = asked;
  const { timestamp = Math.floor(nowMs / 1000), nonce = String(nonces++), more = {} } = asked;
  const { spell = (base64: string) => base64 } = asked;
  const body = JSON.stringify({ ProductId: productId, DeviceName: deviceName, ...more });
  const url = new URL(setup.registry.http);
  const text = `POST\n${url.host}\n/device/register\n\n${algorithm}\n${timestamp}\n${nonce}\n${createHash('sha256').update(body).digest('hex')}`;
  const digest = algorithm.toLowerCase() === 'hmacsha1' ? 'sha1' : 'sha256';
  const response = await fetch(`${setup.registry.http}/device/register`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'x-tc-algorithm': algorithm,
      'x-tc-timestamp': String(timestamp),
      'x-tc-nonce': nonce,
      'x-tc-signature': spell(createHmac(digest, secret).update(text).digest('base64')),
    },
    body,
  });
  const { Response } = (await response.json()) as {
    Response: { Len?: number; Payload?: string; Error?: { Code: string }; RequestId: string };
  };
  expect(response.status).toBe(200);
  if (Response.Error !== undefined) return Response.Error.Code;
  return opened(Response.Payload ?? '', Response.Len ?? 0, secret);
}

async function registerLegacy(deviceName: string, asked: Asked = {}): Promise<string> {
  const { secret = SECRET, timestamp = Math.floor(nowMs / 1000) } = asked;
  const nonce = nonces++;
  const text = `deviceName=${deviceName}&nonce=${nonce}&productId=${PRODUCT}&timestamp=${timestamp}`;
  const signature = Buffer.from(createHmac('sha1', secret).update(text).digest('hex')).toString('base64');
  const response = await fetch(`${setup.registry.http}/register/dev`, {
    method: 'POST',
    body: JSON.stringify({ deviceName, nonce, productId: PRODUCT, timestamp, signature }),
  });
  const reply = (await response.json()) as { code: number; len: number; payload: string };
  return reply.code === 0 ? opened(reply.payload, reply.len, secret) : String(reply.code);
}

function opened(payload: string, length: number, secret: string): string {
  const cipher = createDecipheriv('aes-128-cbc', secret.slice(0, 16), '0'.repeat(16)).setAutoPadding(false);
  const bytes = Buffer.concat([cipher.update(payload, 'base64'), cipher.final()]);
  expect(bytes.subarray(length).every((byte) => byte === 0)).toBe(true);
  const content = JSON.parse(bytes.subarray(0, length).toString()) as { encryptionType: number; psk: string };
  expect(content.encryptionType).toBe(2);
  return content.psk;
}

describe('the vectors', () => {
  it('official: a payload of Tencent is the one that is made for its secret and PSK', () => {
    expect(sealForDevice('hzvf5LF9S0isvBhDSauWMaIk', 'lDZ6Uqt+I9E0wW7rvDUs7Q==')).toEqual({
      length: 53,
      encrypted: 's6FB3a1BA/YYbcmSE12XpeDVmQNDcf1QgVD141RRbmmAnFwQfp1ECAu5O016mCOvYlJJ6V59yM4OqQSiWphfTg==',
    });
  });

  it('computed: payload, signature of the current form, and that of the legacy form by Tencent’s C SDK', () => {
    expect(sealForDevice(SECRET, 'IyXmUW5sU/q1vnb5yzTkeQ==').encrypted).toBe(
      'utkU+JMoQ9Xlnldd66IE8hRhxzFZZk23fFozCSt4c5390OOfD80UNvEyire1ul3RRrE7BG/0Di/z4cNE1jHCVg==',
    );
    const request = {
      host: 'ap-guangzhou.gateway.tencentdevices.com',
      algorithm: 'hmacsha256',
      timestamp: '1700000000',
      nonce: '123456789',
      signature: 'JVzsWD1RXLWBtlHBZzjzqdabL2AFdtiBkDsTKxf1YoM=',
      body: Buffer.from('{"ProductId":"ABCDEFGHIJ","DeviceName":"dev01"}'),
    };
    expect(isSignedBy(SECRET, '/device/register', request)).toBe(true);
    expect(isSignedBy(SECRET, '/device/register', { ...request, host: `${request.host}:80` })).toBe(true);
    expect(isSignedBy(SECRET, '/device/register', { ...request, nonce: '123456788' })).toBe(false);
    expect(isSignedBy(SECRET, '/device/register', { ...request, body: Buffer.from('{}') })).toBe(false);
    const legacy = { productId: 'CS0SLTKSYA', deviceName: 'dev3', nonce: 1555638515, timestamp: 1795893925 };
    const signature = 'NjkyMjcxNWQwZTlkZjAyMDkwNzM5NDliYmU4NGY4Y2RhMWEzNzU4OA==';
    expect(isLegacySignedBy(SECRET, { ...legacy, signature })).toBe(true);
    expect(isLegacySignedBy(SECRET, { ...legacy, deviceName: 'dev4', signature })).toBe(false);
  });
});

describe('a device that registers', () => {
  it('gets the secret that the station has leased, the same by both forms and each time, until it has logged in', async () => {
    const [triple] = await lease(setup, 1);
    if (triple === undefined) throw new Error('a triple expected');
    const { deviceName, deviceSecret } = triple;
    expect(await register(deviceName)).toBe(deviceSecret);
    expect(await register(deviceName, { algorithm: 'HmacSha1' })).toBe(deviceSecret);
    expect(await registerLegacy(deviceName)).toBe(deviceSecret);
    {
      await using peer = await connectPeer(setup.mqttPort, loginOf(PRODUCT, deviceName, deviceSecret));
      void peer;
    }
    expect(await register(deviceName)).toBe('1021');
    expect(await registerLegacy(deviceName)).toBe('1021');
    {
      using store = openRegistryStore(setup.dataDir);
      store.reopenRegistration({ productId: PRODUCT, deviceName }, DECISION);
    }
    expect(await register(deviceName)).toBe(deviceSecret);
  });

  it('takes its name out of the pool, so that no station leases it for another unit', async () => {
    expect(await register('Dev000006')).toHaveLength(24);
    const left = await setup.get(`/v1/devices/${PRODUCT}/Dev000006`);
    expect(left.body).toMatchObject({ state: 'leased', leasedTo: null });
    const names = (await lease(setup, 4, 'S2')).map(({ deviceName }) => deviceName);
    expect(names).not.toContain('Dev000006');
  });

  it('is refused with a code, and the refusal log says why', async () => {
    const from = setup.tap.entries.length;
    expect(await register('Dev000002', { secret: SECRET.toUpperCase() })).toBe('1010');
    expect(await register('Dev000002', { productId: 'NOPRODUCT1' })).toBe('1004');
    expect(await register('nobody')).toBe('1020');
    expect(await register('Dev000002', { timestamp: Math.floor(nowMs / 1000) - 700 })).toBe('1006');
    expect(await register('Dev000002', { more: { EncryptionType: 1 } })).toBe('1006');
    expect(await register('bad name')).toBe('1006');
    const same = { timestamp: Math.floor(nowMs / 1000), nonce: '77' };
    expect(await register('Dev000002', same)).toHaveLength(24);
    expect(await register('Dev000002', same)).toBe('1006');
    expect(await registerLegacy('Dev000002', { secret: 'x'.repeat(24) })).toBe('1010');
    // Base64 has many spellings of the same bytes.
    const spelled = { nonce: '78', spell: (base64: string) => base64 };
    expect(await register('Dev000002', spelled)).toHaveLength(24);
    for (const spell of [
      (base64: string) => base64.replace(/=+$/, ''),
      (base64: string) => `!${base64}`,
      (base64: string) => base64.replaceAll('+', '-').replaceAll('/', '_'),
    ])
      expect(await register('Dev000002', { ...spelled, spell })).toBe('1006');
    const logged = setup.tap.entries.slice(from).filter(({ event }) => event === 'mqtt.refused');
    expect(logged.map(({ details }) => details['reason'])).toEqual([
      'signature-wrong',
      'product-unknown',
      'device-unknown',
      'time-wrong',
      'content-wrong',
      'repeated',
    ]);
  });

  it('creates its name with type 2, within the limit, and is refused when registration is off', async () => {
    using store = openRegistryStore(setup.dataDir);
    store.setRegisterType(PRODUCT, { registerType: 2, createLimit: 1 }, DECISION);
    const secret = await register('own-1');
    expect(secret).toHaveLength(24);
    expect(await register('own-1')).toBe(secret);
    expect(await register('own-2')).toBe('1031');
    await using peer = await connectPeer(setup.mqttPort, loginOf(PRODUCT, 'own-1', secret));
    void peer;
    store.setRegisterType(PRODUCT, { registerType: 0, createLimit: 0 }, DECISION);
    expect(await register('own-1')).toBe('1011');
    store.setRegisterType(PRODUCT, { registerType: 1, createLimit: 0 }, DECISION);
    expect(store.registration(PRODUCT)).toMatchObject({
      registerType: 1,
      hasSecret: true,
      created: 1,
      acts: expect.arrayContaining([expect.objectContaining({ act: 'secret', detail: 'given' })]),
    });
  });

  it('waits when its address asks too often', async () => {
    let last = '';
    for (let n = 0; n < 620 && last !== '1012'; n++)
      last = await registerLegacy('Dev000002', { secret: 'wrong' });
    expect(last).toBe('1012');
    nowMs += 61_000;
    expect(await register('Dev000002')).toHaveLength(24);
  });

  it('is refused when a station has bound its name without a registration, until a person decides', async () => {
    const [triple] = await lease(setup, 1);
    if (triple === undefined) throw new Error('a triple expected');
    const { deviceName, deviceSecret } = triple;
    expect(await setup.post('/v1/events', { events: [runEvent(1, deviceName)] })).toMatchObject({
      status: 200,
    });
    expect((await setup.get(`/v1/devices/${PRODUCT}/${deviceName}`)).body).toMatchObject({ state: 'bound' });
    expect(await register(deviceName)).toBe('1021');
    expect(await registerLegacy(deviceName)).toBe('1021');
    {
      using store = openRegistryStore(setup.dataDir);
      store.reopenRegistration({ productId: PRODUCT, deviceName }, DECISION);
    }
    expect(await register(deviceName)).toBe(deviceSecret);
  });

  it('keeps its name: a station that has leased it cannot return it to the pool', async () => {
    const { body } = await setup.post('/v1/leases', { requestId: 'kept', productId: PRODUCT, count: 1 });
    const [triple] = body.triples as { deviceName: string; deviceSecret: string }[];
    const deviceName = triple?.deviceName ?? '';
    expect(await register(deviceName)).toBe(triple?.deviceSecret);
    const path = `/v1/leases/${String(body.leaseId)}/return`;
    expect((await setup.post(path, { deviceNames: [deviceName] })).body).toMatchObject({
      returned: [],
      refused: [{ deviceName, code: 'seen-online' }],
    });
    expect(await setup.post('/v1/leases', { requestId: 'next', productId: PRODUCT, count: 1 })).toMatchObject(
      {
        status: 409,
        body: { code: 'pool-empty' },
      },
    );
  });
});

describe('the product secret', () => {
  it('is given to a station with a lease of the product only, and is in no file of the registry', async () => {
    const path = `/v1/products/${PRODUCT}/registration`;
    expect((await setup.get(path, 'S1')).body).toEqual({ registerType: 1, productSecret: SECRET });
    expect((await setup.get(path, 'S9')).status).toBe(403);
    for (const file of ['registry.db', 'registry.db-wal'])
      expect(readFileSync(join(setup.dataDir, file)).includes(SECRET)).toBe(false);
    expect(JSON.stringify(setup.tap.entries)).not.toContain(SECRET);
  });

  it('is made anew, and units with the former one are refused', async () => {
    using store = openRegistryStore(setup.dataDir);
    const made = store.rotateProductSecret(PRODUCT, null, DECISION);
    expect(made).toMatch(/^[A-Za-z0-9]{24}$/);
    expect(await register('Dev000002')).toBe('1010');
    expect(await register('Dev000002', { secret: made })).toHaveLength(24);
    expect(await faultOf(() => store.rotateProductSecret(PRODUCT, 'short', DECISION))).toMatchObject({
      code: 'bad-input',
    });
  });
});
