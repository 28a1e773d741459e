import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { STATION_ITSELF } from '#station';
import { memoryDir } from '../../support/temp-dir.ts';
import { openStation } from '../../kit/station.ts';

it('a station that is bound to a registry while it runs asks it at once', async () => {
  const server = createServer((_request, response) => void response.writeHead(503).end());
  const asked = new Promise<string | undefined>((resolve) =>
    server.once('request', (request) => resolve(request.url)),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  using dir = memoryDir();
  const station = await openStation(dir.path, { autoSync: true });
  try {
    expect(station.sync.state().connection).toBe('unconfigured');
    const { port } = server.address() as AddressInfo;
    station.settings.configure({ registry: { url: `http://127.0.0.1:${port}`, token: 't' } }, STATION_ITSELF);
    expect(station.sync.state().connection).toBe('unknown');
    expect(await asked).toMatch(/^\//);
  } finally {
    await station.close();
    server.close();
  }
});
