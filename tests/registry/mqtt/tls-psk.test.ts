import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRegistry, openRegistryStore, type Registry } from '#registry';
import { loginOf } from '../support/mqtt-peer.ts';
import { logTap, PRODUCT } from '../support/registry-fixture.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { tempDir } from '../../support/temp-dir.ts';

const MOSQUITTO_PUB = '/usr/bin/mosquitto_pub';
const OPENSSL = '/usr/bin/openssl';
/** The PSK of the documents' example. */
const SECRET = 'IyXmUW5sU/q1vnb5yzTkeQ==';
const DEVICE = 'dev1';
const OTHER = 'dev2';
const OTHER_SECRET = 'lDZ6Uqt+I9E0wW7rvDUs7Q==';
const CONNACK = Buffer.of(0x20, 2, 0);
const WRONG = Buffer.alloc(16, 7).toString('base64');

const dir = tempDir();
const tap = logTap();
let registry: Registry;
/** The time of the registry while it stands still. */
let stoppedAtMs: number | null = null;
beforeAll(async () => {
  {
    using store = openRegistryStore(dir.path);
    const triples = [
      { deviceName: DEVICE, deviceSecret: SECRET },
      { deviceName: OTHER, deviceSecret: OTHER_SECRET },
    ];
    store.seedProduct({ productId: PRODUCT, triples });
  }
  registry = await createRegistry({
    dataDir: dir.path,
    tls: 'own',
    log: tap.log,
    nowMs: () => stoppedAtMs ?? Date.now(),
  });
});
afterAll(async () => {
  await registry.close();
  dir[Symbol.dispose]();
});

const port = (): string => new URL(registry.mqtts ?? '').port;
const hexOf = (secret: string): string => Buffer.from(secret, 'base64').toString('hex');
/** The refusals that were logged since `from`. */
const refusedSince = (from: number) =>
  tap.entries
    .slice(from)
    .filter(({ event }) => event === 'mqtt.refused')
    .map(({ details }) => details);

interface SClient {
  readonly cipher: string;
  /** What the broker sent inside TLS, in hex. */
  readonly received: string;
  readonly verdict: string;
  readonly text: string;
}

/** Sends one CONNECT through `openssl s_client`, and waits until the broker answers or the connection ends. */
function sClient(args: readonly string[], connect: Buffer): Promise<SClient> {
  return new Promise((resolve) => {
    const child = spawn(OPENSSL, ['s_client', '-connect', `127.0.0.1:${port()}`, ...args], {
      timeout: PATIENCE_MS,
    });
    let text = Buffer.alloc(0);
    let verdict = '';
    child.stderr.on('data', (bytes: Buffer) => (verdict += bytes.toString()));
    child.stdout.on('data', (bytes: Buffer) => {
      text = Buffer.concat([text, bytes]);
      if (text.includes(CONNACK)) child.stdin.end();
    });
    child.stdin.on('error', () => undefined);
    child.stdin.write(connect);
    child.on('close', () => {
      const cipher = /Cipher is (\S+)/.exec(text.toString('latin1'))?.[1] ?? '';
      resolve({ cipher, received: connackOf(text), verdict, text: text.toString('latin1') });
    });
  });
}

/** The CONNACK among what `s_client` prints, in hex. */
function connackOf(output: Buffer): string {
  const at = output.indexOf(CONNACK);
  return at < 0 ? '' : output.subarray(at, at + 4).toString('hex');
}

/** A CONNECT of MQTT 3.1.1 with a user name and, when given, a password. */
function connectPacket(clientId: string, username: string, password?: string): Buffer {
  const text = (value: string): Buffer => {
    const bytes = Buffer.from(value);
    return Buffer.concat([Buffer.of(bytes.length >> 8, bytes.length & 0xff), bytes]);
  };
  const flags = password === undefined ? 0x82 : 0xc2;
  const body = Buffer.concat([
    text('MQTT'),
    Buffer.of(4, flags, 0, 240),
    text(clientId),
    text(username),
    password === undefined ? Buffer.alloc(0) : text(password),
  ]);
  const length =
    body.length < 128 ? Buffer.of(body.length) : Buffer.of((body.length & 127) | 128, body.length >> 7);
  return Buffer.concat([Buffer.of(0x10), length, body]);
}

const psk = (secret: string, identity: string, suite = 'PSK-AES128-CBC-SHA'): string[] => [
  '-tls1_2',
  '-cipher',
  suite,
  '-psk',
  hexOf(secret),
  '-psk_identity',
  identity,
];
const login = loginOf(PRODUCT, DEVICE, SECRET);

describe.skipIf(!existsSync(OPENSSL))('openssl s_client', () => {
  it.each(['PSK-AES128-CBC-SHA', 'PSK-AES256-CBC-SHA'])(
    'logs in with the DeviceSecret as pre-shared key and no password (%s)',
    async (suite) => {
      const connect = connectPacket(login.clientId, login.username);
      expect(await sClient(psk(SECRET, login.clientId, suite), connect)).toMatchObject({
        cipher: suite,
        received: '20020000',
      });
    },
  );

  it.each([
    ['a wrong key', psk(WRONG, PRODUCT + DEVICE), 'psk-wrong', PRODUCT + DEVICE],
    ['an unknown identity', psk(SECRET, `${PRODUCT}dev9`), 'device-unknown', `${PRODUCT}dev9`],
  ])('ends with the same alert for %s, and the refusal has the reason', async (_, args, reason, clientId) => {
    const from = tap.entries.length;
    const { received, verdict } = await sClient(args, connectPacket(login.clientId, login.username));
    expect(received).toBe('');
    expect(verdict).toContain('alert bad record mac');
    await expect.poll(() => refusedSince(from)).toMatchObject([{ act: 'login', reason, clientId }]);
  });

  it('refuses another client id than the identity of the key, and a wrong password beside the right key', async () => {
    const from = tap.entries.length;
    const other = loginOf(PRODUCT, OTHER, OTHER_SECRET);
    const as = psk(SECRET, login.clientId);
    expect((await sClient(as, connectPacket(other.clientId, other.username))).received).toBe('20020004');
    // Also with its right password: a session belongs to one device.
    expect((await sClient(as, connectPacket(other.clientId, other.username, other.password))).received).toBe(
      '20020004',
    );
    const wrong = loginOf(PRODUCT, DEVICE, WRONG);
    expect((await sClient(as, connectPacket(login.clientId, wrong.username, wrong.password))).received).toBe(
      '20020004',
    );
    expect((await sClient(as, connectPacket(login.clientId, login.username, login.password))).received).toBe(
      '20020000',
    );
    expect(refusedSince(from)).toMatchObject([
      { reason: 'client-id-mismatch', clientId: other.clientId },
      { reason: 'password-wrong', clientId: login.clientId },
    ]);
  });

  it('logs in with the certificate and a password, in TLS 1.2 and 1.3, and not without a password', async () => {
    const connect = connectPacket(login.clientId, login.username, login.password);
    const with12 = await sClient(['-tls1_2'], connect);
    expect(with12).toMatchObject({ received: '20020000' });
    expect(with12.cipher).toMatch(/^ECDHE-/);
    expect(await sClient(['-tls1_3'], connect)).toMatchObject({ received: '20020000' });
    const none = connectPacket(login.clientId, login.username);
    expect((await sClient(['-tls1_2'], none)).received).toBe('20020004');
  });

  it('accepts the key in TLS 1.3, and not one that is offered beside a suite that it does not fit', async () => {
    const none = connectPacket(login.clientId, login.username);
    const key13 = ['-tls1_3', '-psk', hexOf(SECRET), '-psk_identity', login.clientId];
    expect((await sClient(key13, none)).received).toBe('20020000');
    // The certificate is used then, which proves nothing about the device.
    const unfit = [...key13, '-ciphersuites', 'TLS_AES_256_GCM_SHA384'];
    expect((await sClient(unfit, none)).received).toBe('20020004');
    const wrong = ['-tls1_3', '-psk', hexOf(WRONG), '-psk_identity', login.clientId];
    expect((await sClient(wrong, none)).received).toBe('');
  });

  it('resumes no session, because a resumed one does not name the identity of its key', async () => {
    const file = join(dir.path, 'session.pem');
    const full = connectPacket(login.clientId, login.username, login.password);
    for (const version of ['-tls1_2', '-tls1_3']) {
      await sClient([version, '-sess_out', file], full);
      const again = existsSync(file) ? ['-sess_in', file] : [];
      const { received, text } = await sClient([version, ...again], full);
      expect(received).toBe('20020000');
      expect(text).toMatch(/^New, /m);
      expect(text).not.toMatch(/^Reused, /m);
    }
    const none = connectPacket(login.clientId, login.username);
    await sClient([...psk(SECRET, login.clientId), '-sess_out', file], none);
    const { text } = await sClient([...psk(SECRET, login.clientId), '-sess_in', file], none);
    expect(text).not.toMatch(/^Reused, /m);
  });

  it.each(['ADH-AES128-SHA:@SECLEVEL=0', 'ECDHE-PSK-AES128-CBC-SHA', 'PSK-NULL-SHA:@SECLEVEL=0'])(
    'finds no suite without authentication or encryption, and no other suite of keys (%s)',
    async (suite) => {
      const args = ['-tls1_2', '-cipher', suite, '-psk', hexOf(SECRET), '-psk_identity', login.clientId];
      const { cipher } = await sClient(args, connectPacket(login.clientId, login.username));
      expect(cipher).toBe('(NONE)');
    },
  );
});

describe.skipIf(!existsSync(MOSQUITTO_PUB))('mosquitto_pub', () => {
  const publish = (secret: string, name: string): Promise<number> => {
    const { clientId, username } = loginOf(PRODUCT, name, secret);
    const args = ['-h', '127.0.0.1', '-p', port(), '-q', '1', '-i', clientId, '-u', username];
    const key = ['--psk', hexOf(secret), '--psk-identity', clientId, '--ciphers', 'PSK-AES128-CBC-SHA'];
    const what = [
      '-t',
      `$thing/up/property/${PRODUCT}/${name}`,
      '-m',
      '{"method":"report","clientToken":"m","params":{"by":"psk"}}',
    ];
    return new Promise((resolve) => {
      const child = execFile(MOSQUITTO_PUB, [...args, ...key, ...what], { timeout: PATIENCE_MS });
      child.on('error', () => undefined);
      child.on('exit', (code) => resolve(code ?? -1));
    });
  };

  it('delivers with the DeviceSecret as pre-shared key, and not with another one', async () => {
    expect(await publish(OTHER_SECRET, OTHER)).toBe(0);
    expect(await publish(WRONG, OTHER)).not.toBe(0);
  });
});

describe('a device that guesses pre-shared keys', () => {
  it('waits after five wrong ones, also with the right key', async () => {
    const from = tap.entries.length;
    const identity = PRODUCT + DEVICE;
    // The delay must not pass while the clients start.
    stoppedAtMs = Date.now();
    for (let guess = 0; guess < 6; guess++)
      await sClient(psk(WRONG, identity), connectPacket(login.clientId, login.username));
    const right = await sClient(psk(SECRET, identity), connectPacket(login.clientId, login.username));
    expect(right.received).toBe('');
    expect(new Set(refusedSince(from).map(({ reason }) => reason))).toContain('too-often');
    stoppedAtMs = null;
  });
});

describe('a registry that serves pre-shared keys without a certificate', () => {
  it('has a TLS port for them alone, and none when they are switched off', async () => {
    using place = tempDir();
    {
      await using only = await createRegistry({ dataDir: place.path, psk: true });
      expect(only).toMatchObject({ fingerprint: null, mqtts: expect.stringMatching(/^mqtts:/) });
    }
    await using off = await createRegistry({ dataDir: place.path, tls: 'own', psk: false });
    expect(off.mqtts).not.toBeNull();
    const s = spawn(OPENSSL, ['s_client', '-connect', new URL(off.mqtts ?? '').host, ...psk(SECRET, 'x')]);
    let out = '';
    s.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
    await new Promise((resolve) => s.on('close', resolve));
    expect(out).toContain('Cipher is (NONE)');
  });
});
