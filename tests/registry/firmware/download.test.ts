import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { stationHeaders } from '#shared/registry-api/index.ts';
import { chooseRange } from '../../../registry/firmware/index.ts';
import { tempDir } from '../../support/temp-dir.ts';
import { contentOf, type FirmwareSetup, sha256, startFirmwareRegistry } from './firmware-registry.ts';

const CONTENT = contentOf(1_500_000);
const ETAG = `"${sha256(CONTENT)}"`;
const hasCurl = spawnSync('curl', ['--version']).error === undefined;
const run = promisify(execFile);

let nowMs = Date.UTC(2026, 10, 21);
let setup: FirmwareSetup;
let firmwareId: string;
let url: string;
async function publish(): Promise<void> {
  nowMs = Date.UTC(2026, 10, 21);
  setup = await startFirmwareRegistry(() => nowMs);
  ({ firmwareId, url } = await setup.publish(CONTENT));
}
const close = (): Promise<void> => Promise.resolve(setup[Symbol.asyncDispose]());

async function ask(
  headers: Record<string, string> = {},
  method = 'GET',
  at = url,
): Promise<Response & { bytes: Buffer }> {
  const response = await fetch(at, { method, headers });
  return Object.assign(response, { bytes: Buffer.from(await response.arrayBuffer()) });
}

describe('a firmware that is online', () => {
  // Its tests only read.
  beforeAll(publish);
  afterAll(close);

  it('is downloaded completely, without a token, with its metadata', async () => {
    const response = await ask();
    expect(response.status).toBe(200);
    expect(response.bytes.equals(CONTENT)).toBe(true);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'accept-ranges': 'bytes',
      'content-length': String(CONTENT.length),
      'content-type': 'application/octet-stream',
      etag: ETAG,
      'repr-digest': `sha-256=:${Buffer.from(sha256(CONTENT), 'hex').toString('base64')}:`,
    });
    expect(response.headers.get('content-disposition')).toContain(encodeURIComponent('固件.bin.ota'));
  });

  it('answers HEAD without its content', async () => {
    const response = await ask({}, 'HEAD');
    expect(response.headers.get('content-length')).toBe(String(CONTENT.length));
    expect(response.bytes).toHaveLength(0);
    expect((await ask({ range: 'bytes=5-9' }, 'HEAD')).headers.get('content-range')).toBe(
      'bytes 5-9/1500000',
    );
  });

  it.each<[string, number, number]>([
    ['bytes=0-0', 0, 1],
    ['bytes=100-199', 100, 200],
    ['bytes=1499999-', 1_499_999, 1_500_000],
    ['bytes=-1', 1_499_999, 1_500_000],
    ['bytes=-9999999', 0, 1_500_000],
    ['bytes=1000-9999999', 1000, 1_500_000],
    ['bytes = 7 - 8', 7, 9],
  ])('gives %s', async (range, from, to) => {
    const response = await ask({ range });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(`bytes ${from}-${to - 1}/1500000`);
    expect(response.bytes.equals(CONTENT.subarray(from, to))).toBe(true);
  });

  it.each(['bytes=1500000-', 'bytes=1500000-1500001', 'bytes=-0'])('has no %s', async (range) => {
    const response = await ask({ range });
    expect([response.status, response.headers.get('content-range')]).toEqual([416, 'bytes */1500000']);
  });

  it.each(['bytes=9-5', 'bytes=0-1,5-6', 'items=0-1', 'bytes=', 'bytes=a-b', 'bytes=-'])(
    'is sent completely for a request for %s',
    async (range) => {
      const response = await ask({ range });
      expect([response.status, response.bytes.length]).toEqual([200, CONTENT.length]);
    },
  );

  it('sends the rest only if the beginning is of the same content', async () => {
    const range = 'bytes=10-';
    expect((await ask({ range, 'if-range': ETAG })).status).toBe(206);
    for (const other of ['"other"', `W/${ETAG}`, 'Sat, 21 Nov 2026 00:00:00 GMT'])
      expect((await ask({ range, 'if-range': other })).status).toBe(200);
    expect((await ask({ 'if-none-match': `"x", ${ETAG}` })).status).toBe(304);
    expect((await ask({ 'if-none-match': '"x"' })).status).toBe(200);
  });

  it('is sent to many clients at once, also slow ones; one that disconnects does not affect others', async () => {
    const quitter = get(url);
    const [response] = (await once(quitter, 'response')) as [NodeJS.ReadableStream];
    await once(response, 'readable');
    quitter.destroy();
    const all = await Promise.all(Array.from({ length: 20 }, (_, n) => ask({ range: `bytes=${n * 1000}-` })));
    for (const [n, { bytes }] of all.entries()) expect(bytes.equals(CONTENT.subarray(n * 1000))).toBe(true);
  });

  it.skipIf(!hasCurl)('is continued by curl at the interruption', async () => {
    using dir = tempDir();
    const out = join(dir.path, 'fw.bin.ota');
    writeFileSync(out, CONTENT.subarray(0, 777_777));
    await run('curl', ['-sS', '--fail', '-C', '-', '-o', out, url]);
    expect(readFileSync(out).equals(CONTENT)).toBe(true);
  });
});

describe('the address of a download', () => {
  beforeEach(publish);
  afterEach(close);

  const other = (path: string): string => setup.registry.http + path;
  const token = (): Record<string, string> => stationHeaders(setup.registry.enrolmentToken, 'S1');

  it('is valid for one firmware, unchanged, and for a limited time', async () => {
    const second = await setup.publish(contentOf(1000, 'second'), { version: '2' });
    const query = new URL(url).search;
    const changed = [
      `/v1/firmware/${second.firmwareId}/file${query}`,
      `/v1/firmware/${firmwareId}/file${query.replace(/expires=\d/, 'expires=9')}`,
      `/v1/firmware/${firmwareId}/file${query.slice(0, -1)}`,
      `/v1/firmware/${firmwareId}/file?expires=9999999999&signature=${'A'.repeat(43)}`,
      `/v1/firmware/${firmwareId}/file?signature=x`,
      `/v1/firmware/${firmwareId}/file`,
      `/v1/firmware/x/file${query}`,
    ];
    for (const path of changed) {
      const response = await ask({}, 'GET', other(path));
      // Without a signature it is the request of a station without its token.
      expect([path, response.status]).toEqual([path, path.includes('?') ? 403 : 401]);
    }
    nowMs += 7 * 24 * 3_600_000 - 2000;
    expect((await ask()).status).toBe(200);
    nowMs += 4000;
    expect((await ask()).status).toBe(403);
  });

  it('is valid for the file only', async () => {
    const query = new URL(url).search;
    for (const path of [
      `/v1/firmware/${firmwareId}`,
      '/v1/firmware',
      '/v1/devices',
      `/v1/firmware/uploads/${firmwareId}`,
    ])
      expect((await ask({}, 'GET', other(path + query))).status).toBe(401);
  });

  it('is refused while the firmware is offline, and valid again when it is online', async () => {
    await setup.post(`/v1/firmware/${firmwareId}/state`, { state: 'offline' });
    expect((await ask()).status).toBe(404);
    expect((await ask(token(), 'GET', other(`/v1/firmware/${firmwareId}/file`))).bytes.equals(CONTENT)).toBe(
      true,
    );
    await setup.post(`/v1/firmware/${firmwareId}/state`, { state: 'online' });
    expect((await ask()).status).toBe(200);
  });

  it('stays valid over a restart of the registry', async () => {
    const { pathname, search } = new URL(url);
    await setup.restart();
    expect((await ask({}, 'GET', other(pathname + search))).status).toBe(200);
  });

  it('does not exist before the upload is complete', async () => {
    const begun = await setup.begin(contentOf(5, 'new'), { version: '9' });
    const path = `/v1/firmware/${String(begun.body['firmwareId'])}/file`;
    expect((await ask(token(), 'GET', other(path))).status).toBe(404);
  });
});

describe('the choice of a range', () => {
  it('is the whole file, unsatisfiable, or inside of the file for any request', () => {
    const text = fc.oneof(
      fc.string(),
      fc.tuple(fc.nat(), fc.nat()).map(([a, b]) => `bytes=${a}-${b}`),
      fc.nat().map((n) => `bytes=-${n}`),
      fc.nat().map((n) => `bytes=${n}-`),
    );
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 2 ** 30 }), (range, sizeBytes) => {
        const chosen = chooseRange(range, undefined, ETAG, sizeBytes);
        if (chosen === 'whole' || chosen === 'unsatisfiable') return;
        expect(chosen.first).toBeGreaterThanOrEqual(0);
        expect(chosen.last).toBeGreaterThanOrEqual(chosen.first);
        expect(chosen.last).toBeLessThan(sizeBytes);
      }),
      { numRuns: 2000 },
    );
  });
});
