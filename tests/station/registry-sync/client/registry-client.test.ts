import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createRegistry, openRegistryStore, type Registry } from '#registry';
import { Fault } from '#shared/domain/fault.ts';
import { createRegistryClient, type RegistryClient } from '../../../../station/registry-sync/client/index.ts';
import { PRODUCT } from '../../../registry/support/registry-fixture.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { chip, runEvent } from '../../../registry/support/sample-events.ts';
import { PATIENCE_MS } from '../../../support/patience.ts';
import { openRefusingPort } from '../../../support/refusing-port.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';

async function faultOf(work: Promise<unknown>): Promise<Fault> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('a fault was expected');
}

describe('a client of the real registry', () => {
  const dir = tempDir();
  let registry: Registry;
  let client: RegistryClient;

  beforeAll(async () => {
    registry = await createRegistry({ dataDir: dir.path });
    using database = openRegistryStore(dir.path);
    database.seedProduct({ productId: PRODUCT, count: 10 });
    client = createRegistryClient({
      baseUrl: `${registry.http}/`,
      token: registry.enrolmentToken,
      station: '工位 1',
    });
  });
  afterAll(async () => {
    await registry.close();
    dir[Symbol.dispose]();
  });

  it('asks for everything a station needs', async () => {
    expect(await client.health(NEVER_ABORTED)).toMatchObject({ service: 'gongwei-registry' });
    const request = { requestId: 'r1', productId: PRODUCT, count: 3 };
    const block = await client.lease(request, NEVER_ABORTED);
    expect(block.triples).toHaveLength(3);
    expect((await client.lease(request, NEVER_ABORTED)).triples).toEqual(block.triples);
    const [used, spare] = block.triples;
    if (!used || !spare) throw new Error('three triples expected');

    const event = runEvent(1, used.deviceName, { station: '工位 1' });
    expect(await client.sendEvents([event], NEVER_ABORTED)).toEqual([{ key: event.key, status: 'applied' }]);
    const mixed = await client.sendEvents(
      [event, runEvent(2, used.deviceName, { station: '工位 1' })],
      NEVER_ABORTED,
    );
    expect(mixed.map(({ status, code }) => code ?? status)).toEqual(['repeated', 'identity-bound-elsewhere']);
    expect(await client.sendEvents([], NEVER_ABORTED)).toEqual([]);

    const returned = await client.returnLease(
      block.leaseId,
      [used.deviceName, spare.deviceName],
      NEVER_ABORTED,
    );
    expect(returned).toMatchObject({ returned: [spare.deviceName], refused: [{ code: 'bound' }] });
    expect(await client.device(PRODUCT, used.deviceName, NEVER_ABORTED)).toMatchObject({
      state: 'bound',
      leasedTo: '工位 1',
      connection: 'never-seen',
    });
    expect(await client.unit(chip(1), NEVER_ABORTED)).toMatchObject({
      device: { deviceName: used.deviceName },
    });
    expect(await client.device(PRODUCT, 'nobody', NEVER_ABORTED)).toBeNull();
    expect(await client.unit(chip(99), NEVER_ABORTED)).toBeNull();
  });

  it('says how many triples are left when there are too few', async () => {
    const fault = await faultOf(
      client.lease({ requestId: 'all', productId: PRODUCT, count: 1000 }, NEVER_ABORTED),
    );
    expect(fault).toMatchObject({ code: 'pool-empty', details: { asked: 1000 } });
    expect(fault.message).toMatch(/triples left/);
  });

  it('is refused with the wrong token, without showing it', async () => {
    const stranger = createRegistryClient({ baseUrl: registry.http, token: 'wrong-token', station: 'S1' });
    const fault = await faultOf(stranger.device(PRODUCT, 'x', NEVER_ABORTED));
    expect(fault).toMatchObject({ code: 'registry-refused', details: { status: 401 } });
    expect(fault.hint).toMatch(/token/);
    expect(JSON.stringify(fault) + fault.message + String(fault.cause)).not.toContain('wrong-token');
  });

  it('is refused for an unknown product, in the words of the registry', async () => {
    const fault = await faultOf(
      client.lease({ requestId: 'n', productId: 'NOSUCH', count: 1 }, NEVER_ABORTED),
    );
    expect(fault).toMatchObject({ code: 'registry-refused', details: { status: 404 } });
    expect(fault.message).toContain('NOSUCH');
  });
});

describe('a client of something else', () => {
  let server: Server | null = null;
  const connections = new Set<string>();

  async function serve(
    handle: (request: IncomingMessage, response: ServerResponse) => void,
  ): Promise<string> {
    server = createServer((request, response) => {
      connections.add(String(request.socket.remotePort));
      handle(request, response);
    });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  function clientOf(baseUrl: string, timeoutMs = PATIENCE_MS): RegistryClient {
    return createRegistryClient({ baseUrl, token: 't', station: 'S1', timeoutMs });
  }
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
    server = null;
    connections.clear();
  });

  it('names host and port when nobody listens', async () => {
    await using refusing = await openRefusingPort();
    const { port } = refusing;
    const fault = await faultOf(clientOf(`http://127.0.0.1:${port}`).health(NEVER_ABORTED));
    expect(fault.code).toBe('registry-unreachable');
    expect(fault.message).toBe(`the registry at 127.0.0.1:${port} does not listen`);
    expect(fault.hint).toMatch(/offline/);
  });

  it('gives up on an answer that does not come, and on one that does not end', async () => {
    const silent = await serve(() => undefined);
    const fault = await faultOf(clientOf(silent, 60).health(NEVER_ABORTED));
    expect(fault).toMatchObject({ code: 'registry-unreachable' });
    expect(fault.message).toContain('within 60 ms');
    server?.closeAllConnections();
    const endless = await serve((_, response) => response.writeHead(200).write('{"service":'));
    expect(await faultOf(clientOf(endless, 60).health(NEVER_ABORTED))).toMatchObject({
      code: 'registry-unreachable',
    });
  });

  it('stops with the reason of its signal', async () => {
    const arrived = Promise.withResolvers<undefined>();
    const silent = await serve(() => arrived.resolve(undefined));
    const stop = new AbortController();
    const asking = faultOf(clientOf(silent).health(stop.signal));
    await arrived.promise;
    stop.abort();
    expect(await asking).toMatchObject({ code: 'cancelled' });
    const reason = new Fault('interrupted', 'the station closes');
    expect(await faultOf(clientOf(silent).health(AbortSignal.abort(reason)))).toBe(reason);
  });

  it.each([
    ['a broken connection', 'registry-unreachable', (response: ServerResponse) => response.destroy()],
    [
      '500 without words',
      'registry-unreachable',
      (response: ServerResponse) => response.writeHead(500).end('oops'),
    ],
    [
      '503 in our words',
      'registry-unreachable',
      (response: ServerResponse) =>
        response.writeHead(503).end('{"code":"busy","message":"closing","hint":"later"}'),
    ],
    [
      'a foreign 404',
      'registry-refused',
      (response: ServerResponse) => response.writeHead(404).end('<html>'),
    ],
    [
      'a redirect',
      'registry-refused',
      (response: ServerResponse) => response.writeHead(302, { location: 'http://example.invalid/' }).end(),
    ],
    ['a web page', 'registry-refused', (response: ServerResponse) => response.end('<html></html>')],
    ['other JSON', 'registry-refused', (response: ServerResponse) => response.end('{"service":"other"}')],
  ])('takes %s for %s', async (_, code, answer) => {
    const client = clientOf(await serve((__, response) => void answer(response)));
    expect((await faultOf(client.health(NEVER_ABORTED))).code).toBe(code);
    expect((await faultOf(client.device(PRODUCT, 'x', NEVER_ABORTED))).code).toBe(code);
  });

  it('does not take the results of other events for its own', async () => {
    const events = [runEvent(1, null), runEvent(2, null)];
    for (const keys of [['S1:run-1'], ['S1:run-2', 'S1:run-1'], ['S1:run-1', 'S1:run-2', 'x']]) {
      const results = keys.map((key) => ({ key, status: 'applied' }));
      const client = clientOf(await serve((_, response) => void response.end(JSON.stringify({ results }))));
      expect(await faultOf(client.sendEvents(events, NEVER_ABORTED))).toMatchObject({
        code: 'registry-refused',
      });
      server?.closeAllConnections();
      server?.close();
    }
  });

  it('keeps its connection between calls', async () => {
    const health = JSON.stringify({ service: 'gongwei-registry', version: '1', nowMs: 1 });
    const client = clientOf(await serve((_, response) => void response.end(health)));
    for (let i = 0; i < 20; i += 1) await client.health(NEVER_ABORTED);
    // The second may open before the first is known to be free again.
    expect(connections.size).toBeLessThanOrEqual(2);
  });

  it('refuses an address or a token that cannot be one', () => {
    for (const baseUrl of ['', 'registry', 'ftp://x', 'mqtt://127.0.0.1:1']) {
      expect(() => clientOf(baseUrl)).toThrow(expect.objectContaining({ code: 'bad-input' }) as Error);
    }
    expect(() => createRegistryClient({ baseUrl: 'http://x', token: 'a\nb', station: 'S' })).toThrow(
      expect.objectContaining({ code: 'bad-input' }) as Error,
    );
  });
});
