import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { STATION_ITSELF } from '#station';
import { createRegistryClient, registryBaseUrl } from '../../../../station/registry-sync/client/index.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { memoryDir } from '../../../support/temp-dir.ts';
import { soon } from '../../../support/patience.ts';
import { openStation } from '../../../kit/station.ts';

describe('the address of a registry', () => {
  it.each([
    ['http://10.0.0.5:8080', 'http://10.0.0.5:8080'],
    ['http://10.0.0.5:8080/', 'http://10.0.0.5:8080'],
    ['  https://Plant.example/registry/  ', 'https://plant.example/registry'],
    ['http://plant/a/b//', 'http://plant/a/b'],
    ['http://[::1]:9000/工厂', 'http://[::1]:9000/%E5%B7%A5%E5%8E%82'],
  ])('%s is kept with its path', (typed, kept) => {
    expect(registryBaseUrl(typed)).toBe(kept);
  });

  it.each([
    ['http://line:hunter2@plant/registry', /no name or password/],
    ['http://hunter2@plant', /no name or password/],
    ['ftp://line:hunter2@plant', /this is not the address/],
    ['http://plant/registry?line=3', /no query/],
    ['http://plant/#line', /no fragment/],
    ['plant:8080', /"plant:8080" is not the address/],
    ['http://', /not the address/],
    ['', /not the address/],
  ])('%s is refused with the reason, and no password is repeated', async (typed, reason) => {
    const fault = await faultOf(() => registryBaseUrl(typed));
    expect(fault).toMatchObject({ code: 'bad-input', message: expect.stringMatching(reason) });
    expect(`${fault.message} ${String(fault.hint)}`).not.toContain('hunter2');
  });

  it('reaches the calls of a station below its path, those with secrets too', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
      response.writeHead(503).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    using dir = memoryDir();
    const station = await openStation(dir.path);
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/factory/api/`;
      station.settings.configure({ station: 'S1', registry: { url, token: 't' } }, STATION_ITSELF);
      const baseUrl = station.settings.registry()?.url ?? '';
      expect(baseUrl).toMatch(/\/factory\/api$/);
      const client = createRegistryClient({ baseUrl, token: 't', station: 'S1' });
      const fault = await faultOf(() => client.health(soon()));
      expect(fault.details['place']).toMatch(/:\d+\/factory\/api$/);
      await faultOf(() => client.device('P', 'D', soon()));
      await faultOf(() => client.lease({ requestId: 'r', productId: 'P', count: 1 }, soon()));
      await faultOf(() => client.firmware.list(null, soon()));
      expect(asked).toHaveLength(4);
      expect(asked.filter((line) => !line.includes(' /factory/api/v1/'))).toEqual([]);
    } finally {
      await station.close();
      server.close();
    }
  });
});
