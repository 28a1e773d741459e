import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRegistry } from '#registry';
import { stationHeaders } from '#shared/registry-api/index.ts';
import { readPublicUrl } from '../../../registry/public-url.ts';
import { TestRegistry } from '../../kit/registry.ts';
import { PRODUCT } from '../../kit/sample-rows.ts';
import { faultOf } from '../../support/fault-of.ts';
import { soon } from '../../support/patience.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { createRegistryClient, type RegistryClient } from '../../../station/registry-sync/client/index.ts';
import { contentOf, md5, sha256 } from '../firmware/firmware-registry.ts';
import { connectPeer, loginOf, type Peer } from '../support/mqtt-peer.ts';

const CONTENT = contentOf(5_000, 'ways');

/** A registry that serves TLS with its own certificate, and HTTP without TLS for devices beside it. */
let registry: TestRegistry;
let station: RegistryClient;
let firmwareId: string;
let secret: string;
let nowMs = Date.now();
beforeAll(async () => {
  registry = await TestRegistry.start(undefined, {
    tls: 'own',
    deviceHttpPort: 0,
    plainRegistration: true,
    nowMs: () => nowMs,
  });
  registry.seed(2);
  secret = registry.allowRegistration();
  const { http: baseUrl, fingerprint, enrolmentToken: token } = registry.service;
  station = createRegistryClient({ baseUrl, token, fingerprint, station: 'S1' });
  await station.lease({ productId: PRODUCT, count: 1, requestId: randomUUID() }, soon());
  const description = {
    version: '2.0',
    sizeBytes: CONTENT.length,
    sha256: sha256(CONTENT),
    md5: md5(CONTENT),
  };
  const texts = { fileName: 'fw.bin.ota', name: '', description: '', configBase64: '' };
  ({ firmwareId } = await station.firmware.begin({ productId: PRODUCT, ...description, ...texts }, soon()));
  const whole = { offset: 0, totalBytes: CONTENT.length, bytes: CONTENT, sha256: description.sha256 };
  await station.firmware.send(firmwareId, whole, soon());
  await station.firmware.complete(firmwareId, soon());
  await station.firmware.setState(firmwareId, 'online', soon());
});
afterAll(() => registry[Symbol.asyncDispose]());

const connect = (service: TestRegistry = registry): Promise<Peer> =>
  connectPeer(
    Number(new URL(service.service.mqtt).port),
    loginOf(PRODUCT, 'dev1', service.secrets.get('dev1') ?? ''),
  );

describe('a registry with TLS and a port of HTTP for devices', () => {
  it('gives devices an address without TLS, whose status says why there is nothing', async () => {
    await using peer = await connect();
    const topic = `$ota/update/${PRODUCT}/dev1`;
    await peer.client.subscribeAsync(topic);
    const request = { key: 'k', firmware: { version: '2.0' }, withinMs: 60_000 };
    await station.requestUpdate(PRODUCT, 'dev1', request, soon());
    const url = String((await peer.next(topic))['url']);
    expect(new URL(url).origin).toBe(registry.service.deviceHttp);
    expect(url).toMatch(/^http:/);
    const download = async (): Promise<number> => (await fetch(url)).status;
    const whole = await fetch(url);
    expect(Buffer.from(await whole.arrayBuffer()).equals(CONTENT)).toBe(true);
    await station.firmware.setState(firmwareId, 'offline', soon());
    expect(await download()).toBe(404);
    await station.firmware.setState(firmwareId, 'online', soon());
    expect(await download()).toBe(200);
    nowMs += 61_000;
    expect(await download()).toBe(403);
  });

  it('serves nothing there that has to do with the token of a station', async () => {
    const base = registry.service.deviceHttp ?? '';
    const headers = stationHeaders(registry.service.enrolmentToken, 'S1');
    const paths = [
      `/v1/firmware/${firmwareId}/file`,
      '/v1/health',
      '/v1/devices',
      '/v1/leases',
      '/v1/firmware',
    ];
    const statuses = await Promise.all(
      paths.map(async (path) => (await fetch(base + path, { headers })).status),
    );
    expect(statuses).toEqual([403, 404, 404, 404, 404]);
    const product = await fetch(`${base}/v1/products/${PRODUCT}/registration`, { headers });
    expect(product.status).toBe(404);
  });

  it('registers devices there, once for each request over both ports', async () => {
    const timestamp = Math.floor(nowMs / 1000);
    const signed = `deviceName=dev2&nonce=77&productId=${PRODUCT}&timestamp=${timestamp}`;
    const digits = createHmac('sha1', secret).update(signed).digest('hex');
    const signature = Buffer.from(digits).toString('base64');
    const body = JSON.stringify({ deviceName: 'dev2', nonce: 77, productId: PRODUCT, timestamp, signature });
    const register = async (): Promise<unknown> =>
      (await fetch(`${registry.service.deviceHttp ?? ''}/register/dev`, { method: 'POST', body })).json();
    expect(await register()).toMatchObject({ code: 0 });
    expect(await register()).toMatchObject({ code: 1006 });
  });

  it('says so to stations', async () => {
    expect(await station.health(soon())).toMatchObject({
      devices: { downloads: 'http', plainRegistration: true },
    });
  });
});

describe('options of downloads', () => {
  it('are checked before anything is served', async () => {
    using dir = tempDir();
    const dataDir = dir.path;
    const wrong = [
      { deviceHttpPort: 0 },
      { tls: 'own', plainRegistration: true },
      { publicUrl: 'ftp://x' },
    ] as const;
    for (const options of wrong)
      expect(await faultOf(() => createRegistry({ dataDir, ...options }))).toMatchObject({
        code: 'bad-input',
      });
  });

  it('take an address of devices with a path, and none with secrets or a query', async () => {
    expect(readPublicUrl('http://192.0.2.10:8080/')).toBe('http://192.0.2.10:8080');
    expect(readPublicUrl('https://Files.example.com/registry//')).toBe('https://files.example.com/registry');
    for (const text of [
      '',
      'x',
      'mqtt://a',
      'http://a?b',
      'http://a#b',
      'http://0.0.0.0:80',
      'http://[::]/',
    ]) {
      expect([text, await faultOf(() => readPublicUrl(text))]).toMatchObject([text, { code: 'bad-input' }]);
    }
    const fault = await faultOf(() => readPublicUrl('http://user:geheim@a'));
    expect(fault).toMatchObject({ code: 'bad-input' });
    expect(JSON.stringify([fault?.message, fault?.hint])).not.toContain('geheim');
  });
});
