import { createHash } from 'node:crypto';
import { stationHeaders } from '#shared/registry-api/index.ts';
import { type Ask, type RegistrySetup, PRODUCT, startRegistry } from '../support/registry-fixture.ts';

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
export const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');

/** A content that no two positions of which look alike. */
export function contentOf(bytes: number, seed = 'x'): Buffer {
  const block = Buffer.concat(
    Array.from({ length: 64 }, (_, n) => createHash('sha512').update(`${seed}${n}`).digest()),
  );
  return Buffer.alloc(bytes, block);
}

export function announcement(content: Buffer, change: object = {}): Record<string, unknown> {
  return {
    productId: PRODUCT,
    version: '1.0.3',
    sizeBytes: content.length,
    sha256: sha256(content),
    md5: md5(content),
    fileName: '固件.bin.ota',
    name: 'sample',
    description: '',
    configBase64: Buffer.from('{"ver":"2"}').toString('base64'),
    ...change,
  };
}

/** A registry with its firmware side, driven by plain HTTP. */
export interface FirmwareSetup extends RegistrySetup {
  begin(content: Buffer, change?: object): Promise<Ask>;
  put(
    firmwareId: string,
    bytes: Uint8Array,
    offset: number,
    totalBytes: number,
    change?: Record<string, string>,
  ): Promise<Ask>;
  complete(firmwareId: string): Promise<Ask>;
  /** Sends a content whole and puts it online; returns its id and where it is downloaded. */
  publish(content: Buffer, change?: object): Promise<{ readonly firmwareId: string; readonly url: string }>;
}

export async function startFirmwareRegistry(now?: () => number, count = 1): Promise<FirmwareSetup> {
  const setup = await startRegistry(now === undefined ? { count } : { count, now });
  const begin = (content: Buffer, change?: object): Promise<Ask> =>
    setup.post('/v1/firmware/uploads', announcement(content, change));
  const put: FirmwareSetup['put'] = async (firmwareId, bytes, offset, totalBytes, change = {}) => {
    const response = await fetch(`${setup.registry.http}/v1/firmware/uploads/${firmwareId}`, {
      method: 'PUT',
      headers: {
        ...stationHeaders(setup.registry.enrolmentToken, 'S1'),
        'content-type': 'application/octet-stream',
        'content-range': `bytes ${offset}-${offset + bytes.length - 1}/${totalBytes}`,
        'x-gongwei-chunk-sha256': sha256(bytes),
        ...change,
      },
      body: new Uint8Array(bytes),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const complete = (firmwareId: string): Promise<Ask> =>
    setup.post(`/v1/firmware/uploads/${firmwareId}/complete`, {});
  return Object.assign(Object.create(setup) as RegistrySetup, {
    begin,
    put,
    complete,
    async publish(content: Buffer, change?: object) {
      const firmwareId = String((await begin(content, change)).body['firmwareId']);
      for (let at = 0; at < content.length; at += 1024 * 1024)
        await put(firmwareId, content.subarray(at, at + 1024 * 1024), at, content.length);
      await complete(firmwareId);
      const { body } = await setup.post(`/v1/firmware/${firmwareId}/state`, { state: 'online' });
      const { path } = body['download'] as { path: string };
      return { firmwareId, url: setup.registry.http + path };
    },
  });
}
