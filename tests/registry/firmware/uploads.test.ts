import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contentOf, type FirmwareSetup, md5, sha256, startFirmwareRegistry } from './firmware-registry.ts';

const CONTENT = contentOf(2_500_000);
const DAY_MS = 24 * 3_600_000;

let nowMs = Date.UTC(2026, 10, 21);
let setup: FirmwareSetup;
beforeEach(async () => {
  setup = await startFirmwareRegistry(() => nowMs);
});
afterEach(() => setup[Symbol.asyncDispose]());

const idOf = async (content = CONTENT, change = {}): Promise<string> =>
  String((await setup.begin(content, change)).body['firmwareId']);
const files = (): string[] => {
  const dir = join(setup.dataDir, 'firmware');
  return existsSync(dir) ? readdirSync(dir).sort() : [];
};
async function sendAll(firmwareId: string, content = CONTENT, from = 0): Promise<void> {
  for (let at = from; at < content.length; at += 1_000_000)
    await setup.put(firmwareId, content.subarray(at, at + 1_000_000), at, content.length);
}

describe('an upload', () => {
  it('is stored by its hash when the registry has computed that hash itself', async () => {
    const begun = await setup.begin(CONTENT);
    expect(begun).toMatchObject({ status: 200, body: { receivedBytes: 0, state: 'uploading' } });
    const id = String(begun.body['firmwareId']);
    await sendAll(id);
    expect(await setup.complete(id)).toMatchObject({
      status: 200,
      body: {
        state: 'offline',
        sha256: sha256(CONTENT),
        md5: md5(CONTENT),
        uploadedBy: 'S1',
        download: null,
      },
    });
    expect(files()).toEqual([sha256(CONTENT)]);
    expect(readFileSync(join(setup.dataDir, 'firmware', sha256(CONTENT))).equals(CONTENT)).toBe(true);
    const { body } = await setup.get(`/v1/firmware/${id}`);
    expect(Buffer.from(String(body['configBase64']), 'base64').toString()).toBe('{"ver":"2"}');
  });

  it('announced again is the same and returns its offset, over a restart too', async () => {
    const id = await idOf();
    await setup.put(id, CONTENT.subarray(0, 700_000), 0, CONTENT.length);
    for (let round = 0; round < 2; round += 1) {
      const again = await setup.begin(CONTENT);
      expect(again.body).toMatchObject({ firmwareId: id, receivedBytes: 700_000 });
      expect((await setup.get(`/v1/firmware/uploads/${id}`)).body).toEqual(again.body);
      await setup.restart();
    }
    await sendAll(id, CONTENT, 700_000);
    expect((await setup.complete(id)).body).toMatchObject({ state: 'offline' });
    expect((await setup.begin(CONTENT)).body).toMatchObject({
      receivedBytes: CONTENT.length,
      state: 'offline',
    });
  });

  it('continues in the middle of a chunk that a kill interrupted', async () => {
    const id = await idOf();
    writeFileSync(join(setup.dataDir, 'firmware', `${id}.part`), CONTENT.subarray(0, 1_234_567));
    expect((await setup.begin(CONTENT)).body).toMatchObject({ receivedBytes: 1_234_567 });
    await sendAll(id, CONTENT, 1_234_567);
    expect((await setup.complete(id)).status).toBe(200);
  });

  it('accepts a chunk that it has already, and none out of order', async () => {
    const id = await idOf();
    const first = CONTENT.subarray(0, 1000);
    for (let time = 0; time < 2; time += 1)
      expect(await setup.put(id, first, 0, CONTENT.length)).toMatchObject({ body: { receivedBytes: 1000 } });
    for (const offset of [500, 1001, 2_000_000]) {
      const bytes = CONTENT.subarray(offset, offset + 1000);
      expect(await setup.put(id, bytes, offset, CONTENT.length)).toMatchObject({
        status: 409,
        body: { code: 'conflict', details: { receivedBytes: 1000 } },
      });
    }
    const both = await Promise.all(
      [1, 2].map(() => setup.put(id, CONTENT.subarray(1000, 2000), 1000, CONTENT.length)),
    );
    expect(both.map(({ body }) => body['receivedBytes'])).toEqual([2000, 2000]);
    expect(readFileSync(join(setup.dataDir, 'firmware', `${id}.part`))).toEqual(CONTENT.subarray(0, 2000));
  });

  it.each<[string, number, Record<string, string>]>([
    ['another hash', 400, { 'x-gongwei-chunk-sha256': 'a'.repeat(64) }],
    ['no hash', 400, { 'x-gongwei-chunk-sha256': '' }],
    ['no place', 400, { 'content-range': '' }],
    ['a place of another length', 400, { 'content-range': 'bytes 0-5/2500000' }],
    ['a place that is none', 400, { 'content-range': 'bytes 9-0/2500000' }],
    ['a whole of another size', 409, { 'content-range': 'bytes 0-999/2500001' }],
    ['another type', 400, { 'content-type': 'application/json' }],
    ['no token', 401, { authorization: '' }],
    ['no station', 400, { 'x-gongwei-station': '' }],
  ])('stores nothing of a chunk with %s', async (_, status, change) => {
    const id = await idOf();
    const answer = await setup.put(id, CONTENT.subarray(0, 1000), 0, CONTENT.length, change);
    expect(answer.status).toBe(status);
    expect((await setup.begin(CONTENT)).body).toMatchObject({ receivedBytes: 0 });
  });

  it('refuses a chunk above 4 MiB and beyond the end', async () => {
    const large = contentOf(6_000_000);
    const id = await idOf(large);
    expect(await setup.put(id, large.subarray(0, 5_000_000), 0, large.length)).toMatchObject({ status: 413 });
    const beyond = Buffer.concat([CONTENT, Buffer.alloc(1)]);
    const small = await idOf(CONTENT, { version: '2' });
    expect(await setup.put(small, beyond, 0, CONTENT.length)).toMatchObject({ status: 409 });
  });

  it('cannot be completed early, and starts again if its hash differs', async () => {
    const id = await idOf();
    expect(await setup.complete(id)).toMatchObject({ status: 409, body: { details: { receivedBytes: 0 } } });
    await sendAll(id);
    const part = join(setup.dataDir, 'firmware', `${id}.part`);
    const torn = Buffer.from(CONTENT);
    torn.fill(0, 2_000_000, 2_100_000);
    writeFileSync(part, torn);
    expect(await setup.complete(id)).toMatchObject({
      status: 409,
      body: { details: { receivedBytes: 0, damaged: true } },
    });
    expect(files()).toEqual([]);
    await sendAll(id);
    expect((await setup.complete(id)).status).toBe(200);
    expect(await setup.complete(id)).toMatchObject({ status: 200, body: { state: 'offline' } });
  });

  it('of an MD5 that is not its own is refused although the SHA-256 fits', async () => {
    const id = await idOf(CONTENT, { md5: 'a'.repeat(32) });
    await sendAll(id);
    expect(await setup.complete(id)).toMatchObject({ status: 409, body: { details: { damaged: true } } });
  });

  it('killed between its file and its record is complete afterwards', async () => {
    const id = await idOf();
    writeFileSync(join(setup.dataDir, 'firmware', sha256(CONTENT)), CONTENT);
    expect((await setup.begin(CONTENT)).body).toMatchObject({ receivedBytes: CONTENT.length });
    expect((await setup.complete(id)).body).toMatchObject({ state: 'offline' });
  });

  it('that is not continued for a week is deleted at the next start', async () => {
    const id = await idOf();
    await setup.put(id, CONTENT.subarray(0, 1000), 0, CONTENT.length);
    const kept = contentOf(1000, 'kept');
    await setup.publish(kept, { version: '7' });
    nowMs += 6 * DAY_MS;
    await setup.restart();
    expect(files()).toHaveLength(2);
    nowMs += 2 * DAY_MS;
    await setup.restart();
    expect(files()).toEqual([sha256(kept)]);
    expect((await setup.get(`/v1/firmware/uploads/${id}`)).status).toBe(404);
  });
});

describe('a version', () => {
  it('has one content: another is refused once there is one, and where two race one wins', async () => {
    const other = contentOf(1000, 'other');
    const [a, b] = [await idOf(), await idOf(other)];
    await sendAll(a);
    await sendAll(b, other);
    expect((await setup.complete(b)).status).toBe(200);
    expect(await setup.complete(a)).toMatchObject({ status: 409, body: { details: { taken: true } } });
    expect(await setup.begin(CONTENT)).toMatchObject({ status: 200 });
    expect(await setup.begin(contentOf(10))).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(await setup.begin(contentOf(10), { version: '1.0.4' })).toMatchObject({ status: 200 });
    expect(await setup.begin(contentOf(10), { productId: 'OTHER' })).toMatchObject({ status: 200 });
  });

  it('shares its bytes with another of the same content', async () => {
    await setup.publish(CONTENT);
    const id = await idOf(CONTENT, { version: '2' });
    expect((await setup.begin(CONTENT, { version: '2' })).body).toMatchObject({
      receivedBytes: CONTENT.length,
    });
    expect((await setup.complete(id)).status).toBe(200);
    expect(files()).toEqual([sha256(CONTENT)]);
  });

  it.each([
    ['a ProductId', { productId: 'a b' }],
    ['a version', { version: 'a b' }],
    ['a size', { sizeBytes: 0 }],
    ['a size that is too large', { sizeBytes: 2 ** 30 + 1 }],
    ['a hash', { sha256: 'A'.repeat(64) }],
    ['a config', { configBase64: 'not base64!' }],
    ['a file name', { fileName: '' }],
  ])('without %s is not taken', async (_, change) => {
    expect(await setup.begin(CONTENT, change)).toMatchObject({ status: 400, body: { code: 'bad-input' } });
  });

  it('is listed, newest first, per product', async () => {
    await setup.publish(CONTENT);
    nowMs += 1;
    await setup.publish(contentOf(9, 'o'), { productId: 'OTHER', version: '5' });
    const versions = async (query: string): Promise<unknown[]> =>
      ((await setup.get(`/v1/firmware${query}`)).body['firmware'] as { version: string }[]).map(
        (one) => one.version,
      );
    expect(await versions('')).toEqual(['5', '1.0.3']);
    expect(await versions('?productId=OTHER')).toEqual(['5']);
    expect(await versions('?productId=NONE')).toEqual([]);
  });

  it('goes online only when complete', async () => {
    const id = await idOf();
    expect(await setup.post(`/v1/firmware/${id}/state`, { state: 'online' })).toMatchObject({ status: 409 });
    expect(await setup.post(`/v1/firmware/${id}/state`, { state: 'uploading' })).toMatchObject({
      status: 400,
    });
    expect((await setup.get('/v1/firmware/11111111-1111-4111-8111-111111111111')).status).toBe(404);
    expect((await setup.get('/v1/firmware/no-id')).status).toBe(400);
  });
});
