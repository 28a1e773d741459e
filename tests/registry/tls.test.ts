import { statSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls, createServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRegistry, openRegistryStore, type Registry } from '#registry';
import { fingerprintOf, ownCertificate } from '../../registry/certificate.ts';
import { createRegistryClient, type RegistryClient } from '../../station/registry-sync/client/index.ts';
import { faultOf } from '../support/fault-of.ts';
import { connectPeer, loginOf } from './support/mqtt-peer.ts';
import { logTap, PRODUCT } from './support/registry-fixture.ts';
import { tempDir } from '../support/temp-dir.ts';
import { soon } from '../support/patience.ts';

const dir = tempDir();
const tap = logTap();
let registry: Registry;
beforeAll(async () => {
  registry = await createRegistry({ dataDir: dir.path, tls: 'own', log: tap.log });
  using store = openRegistryStore(dir.path);
  store.seedProduct({ productId: PRODUCT, count: 5, prefix: 'Dev' });
});
afterAll(async () => {
  await registry.close();
  dir[Symbol.dispose]();
});

const pin = (): string => registry.fingerprint ?? '';
function client(baseUrl: string, fingerprint: string | null): RegistryClient {
  return createRegistryClient({ baseUrl, token: registry.enrolmentToken, station: 'S1', fingerprint });
}

/** Somebody else with a certificate of their own, who writes down every byte that is said to them. */
async function startImpostor(
  dataDir: string,
): Promise<{ url: string; fingerprint: string; heard: string[]; met(): number } & AsyncDisposable> {
  const heard: string[] = [];
  let met = 0;
  const certificate = await ownCertificate(dataDir, Date.now());
  const server = createServer(certificate, (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      heard.push(bytes.toString());
      socket.destroy();
    });
  });
  server.on('connection', () => (met += 1));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fingerprint: certificate.fingerprint,
    heard,
    met: () => met,
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, 'close');
    },
  };
}

describe('a registry with TLS', () => {
  it('has the same certificate after a restart, readable by its owner only', async () => {
    expect(registry.http).toMatch(/^https:/);
    expect(registry.mqtts).toMatch(/^mqtts:/);
    expect(pin()).toMatch(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    const file = join(dir.path, 'registry.tls.pem');
    expect((statSync(file).mode & 0o777).toString(8)).toBe('600');
    expect((await ownCertificate(dir.path, 0)).fingerprint).toBe(pin());
    using other = tempDir();
    expect((await ownCertificate(other.path, Date.now())).fingerprint).not.toBe(pin());
    writeFileSync(join(other.path, 'registry.tls.pem'), 'nothing');
    expect(await faultOf(() => ownCertificate(other.path, 0))).toMatchObject({ code: 'secret-unreadable' });
  });

  it('reports a device with an unknown pre-shared key, and one without TLS', async () => {
    const port = Number(new URL(registry.mqtts ?? '').port);
    const psk = connectTls({
      port,
      host: '127.0.0.1',
      ciphers: 'PSK-AES128-CBC-SHA',
      maxVersion: 'TLSv1.2',
      pskCallback: () => ({ psk: Buffer.alloc(16, 1), identity: 'GWDEMO0001Dev1' }),
    });
    await once(psk, 'error');
    const plain = connect(port, '127.0.0.1', () => plain.write('a login without TLS, longer than a hello'));
    await once(plain.resume(), 'close');
    const told = () =>
      tap.entries.filter(({ event }) => event === 'mqtt.refused').map(({ details }) => details);
    await expect.poll(told).toMatchObject([
      { act: 'login', reason: 'device-unknown', clientId: 'GWDEMO0001Dev1', address: '127.0.0.1' },
      { act: 'connection', reason: 'no-tls' },
    ]);
  });

  it('is used by a station with its fingerprint, in every notation', async () => {
    for (const written of [pin(), pin().replaceAll(':', '').toLowerCase(), `SHA256:${pin()}`]) {
      const asked = client(registry.http, written);
      const request = { requestId: 'r', productId: PRODUCT, count: 2 };
      expect((await asked.lease(request, soon())).triples).toHaveLength(2);
      expect(await asked.unit('000000000000', soon())).toBeNull();
      expect(await asked.health(soon())).toMatchObject({ service: 'gongwei-registry' });
    }
    expect(await faultOf(() => client(registry.http, 'AB:CD'))).toMatchObject({ code: 'bad-input' });
    expect(await faultOf(() => client('http://127.0.0.1:1', pin()))).toMatchObject({ code: 'bad-input' });
  });

  it('is not used by a station without a fingerprint: the fault has the fingerprint and how to confirm it', async () => {
    const fault = await faultOf(() => client(registry.http, null).unit('000000000000', soon()));
    expect(fault).toMatchObject({ code: 'registry-untrusted', details: { shown: pin(), pinned: null } });
    expect(fault.message).toContain(pin());
    expect(fault.hint).toContain('--fingerprint');
  });

  it('with another certificate receives no byte', async () => {
    using other = tempDir();
    await using impostor = await startImpostor(other.path);
    for (const told of [pin(), null]) {
      const asked = client(impostor.url, told);
      const faults = await Promise.all(
        [1, 2].map(() =>
          faultOf(() => asked.lease({ requestId: 'r', productId: PRODUCT, count: 1 }, soon())),
        ),
      );
      for (const fault of faults) {
        expect(fault.code).toBe('registry-untrusted');
        expect(`${fault.message} ${fault.hint ?? ''}`).not.toContain(registry.enrolmentToken);
      }
      if (told !== null) expect(faults[0]?.message).toContain('another certificate than the one');
    }
    expect(impostor.met()).toBe(4);
    expect(impostor.heard).toEqual([]);
    // Bound to this one it would have told all: so there was something to hear.
    await faultOf(() => client(impostor.url, impostor.fingerprint).unit('000000000000', soon()));
    expect(impostor.heard.join('')).toContain(registry.enrolmentToken);
  });

  it('accepts devices over TLS, and over TCP only from this computer', async () => {
    await using wide = await createRegistry({ dataDir: join(dir.path, 'wide'), host: '0.0.0.0', tls: 'own' });
    using store = openRegistryStore(join(dir.path, 'wide'));
    store.seedProduct({ productId: PRODUCT, count: 1, prefix: 'Dev' });
    const asked = client(wide.http, wide.fingerprint);
    const shared = createRegistryClient({
      baseUrl: wide.http,
      token: wide.enrolmentToken,
      station: 'S1',
      fingerprint: wide.fingerprint,
    });
    expect(await faultOf(() => asked.unit('000000000000', soon()))).toMatchObject({
      code: 'registry-refused',
    });
    using block = await shared.lease({ requestId: 'r', productId: PRODUCT, count: 1 }, soon());
    const [triple] = block.triples;
    const secret = new TextDecoder().decode(triple?.deviceSecret);
    const login = loginOf(PRODUCT, triple?.deviceName ?? '', secret);
    const securePort = Number(new URL(wide.mqtts ?? '').port);
    await using peer = await connectPeer(securePort, login, {
      protocol: 'mqtts',
      host: '127.0.0.2',
      rejectUnauthorized: false,
    });
    const down = `$thing/down/property/${PRODUCT}/${triple?.deviceName ?? ''}`;
    await peer.client.subscribeAsync(down, { qos: 1 });
    await peer.client.publishAsync(down.replace('down', 'up'), '{"method":"get_status"}', { qos: 1 });
    expect(await peer.next(down)).toMatchObject({ method: 'get_status_reply' });
    const plain = connect(Number(new URL(wide.mqtt).port), '127.0.0.2');
    const [error] = (await once(plain, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
  });
});

describe('a registry without TLS', () => {
  it('serves this computer, and others only with an explicit option', async () => {
    const start = (options: object) => createRegistry({ dataDir: join(dir.path, 'plain'), ...options });
    for (const host of ['0.0.0.0', '::', '192.168.1.5', 'registry.example'])
      expect(await faultOf(() => start({ host }))).toMatchObject({
        code: 'bad-input',
        message: expect.stringContaining(host),
      });
    await using said = await start({ host: '0.0.0.0', plain: 'all' });
    expect(said).toMatchObject({ fingerprint: null, mqtts: null, http: expect.stringMatching(/^http:/) });
  });

  it('accepts the user’s certificate, and refuses a part of one', async () => {
    const own = await ownCertificate(dir.path, 0);
    using other = tempDir();
    const stranger = await ownCertificate(other.path, Date.now());
    const [certFile, keyFile, wrongKey] = ['cert.pem', 'key.pem', 'wrong.pem'].map((name) =>
      join(other.path, name),
    ) as [string, string, string];
    const pem = (text: string, what: RegExp): string => what.exec(text)?.[0] ?? '';
    const [certPem, keyPem] = [
      /-----BEGIN CERT[\s\S]+?-----END CERT.*/,
      /-----BEGIN PRIV[\s\S]+?-----END PRIV.*/,
    ];
    writeFileSync(certFile, pem(stranger.cert, certPem));
    writeFileSync(keyFile, pem(stranger.key, keyPem));
    writeFileSync(wrongKey, pem(own.key, keyPem));
    const start = (tls: { certFile: string; keyFile: string }) =>
      createRegistry({ dataDir: join(other.path, 'registry'), tls });
    {
      await using served = await start({ certFile, keyFile });
      expect(served.fingerprint).toBe(fingerprintOf(stranger.cert));
      expect(await client(served.http, served.fingerprint).health(soon())).toMatchObject({ version: 'dev' });
    }
    expect(await faultOf(() => start({ certFile, keyFile: wrongKey }))).toMatchObject({ code: 'bad-input' });
    expect(await faultOf(() => start({ certFile, keyFile: 'gone.pem' }))).toMatchObject({
      code: 'file-missing',
    });
  });
});
