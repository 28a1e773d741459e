import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type RegistrySetup, PRODUCT, startRegistry } from '../support/registry-fixture.ts';

const bytes = Buffer.from('a firmware of few bytes');
const hash = (kind: string): string => createHash(kind).update(bytes).digest('hex');
const announced = {
  productId: PRODUCT,
  version: '1.0.0',
  sha256: hash('sha256'),
  md5: hash('md5'),
  sizeBytes: bytes.length,
  fileName: 'f.bin.ota',
  name: 'f',
  description: '',
  configBase64: Buffer.from('{}').toString('base64'),
};

async function put(setup: RegistrySetup, token: string, firmwareId: string): Promise<number> {
  const response = await fetch(`${setup.registry.http}/v1/firmware/uploads/${firmwareId}`, {
    method: 'PUT',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/octet-stream',
      'content-range': `bytes 0-${bytes.length - 1}/${bytes.length}`,
      'x-gongwei-chunk-sha256': announced.sha256,
    },
    body: bytes,
  });
  return response.status;
}

describe('a firmware', () => {
  it('is continued, completed and put online only by the station that uploads it, or an administrator', async () => {
    let nowMs = 1_700_000_000_000;
    await using setup = await startRegistry({ count: 1, now: () => nowMs });
    const [own, other, strict, admin] = [
      setup.addStation('own', ['firmware']),
      setup.addStation('other', ['firmware', 'desk']),
      setup.addStation('strict'),
      setup.addStation('admin', ['admin']),
    ];
    const ask = async (token: string, path: string, body: unknown = {}): Promise<number> =>
      (await setup.askAs(token, null, 'POST', path, body)).status;
    const begun = await setup.askAs(own, null, 'POST', '/v1/firmware/uploads', announced);
    const id = String(begun.body['firmwareId']);
    // Another that announces the same is told of it, and does not get it before it was given up.
    expect(await ask(other, '/v1/firmware/uploads', announced)).toBe(200);
    expect(await put(setup, other, id)).toBe(403);
    expect(await ask(other, `/v1/firmware/uploads/${id}/complete`)).toBe(403);
    nowMs += 25 * 3_600_000;
    expect(await ask(other, '/v1/firmware/uploads', announced)).toBe(200);
    expect(await put(setup, own, id)).toBe(403);
    expect(await put(setup, other, id)).toBe(200);
    expect(await ask(other, `/v1/firmware/uploads/${id}/complete`)).toBe(200);
    // What is complete stays whose it is.
    nowMs += 25 * 3_600_000;
    expect(await ask(own, '/v1/firmware/uploads', announced)).toBe(200);
    const state = `/v1/firmware/${id}/state`;
    expect(await ask(own, state, { state: 'online' })).toBe(403);
    expect(await ask(strict, state, { state: 'online' })).toBe(403);
    expect(await ask(other, state, { state: 'online' })).toBe(200);
    expect(await ask(admin, state, { state: 'offline' })).toBe(200);
  });
});
