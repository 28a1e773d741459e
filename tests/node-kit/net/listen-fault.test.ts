import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { asListenFault } from '../../../node-kit/net/index.ts';

async function listenError(host: string, port: number): Promise<unknown> {
  const server = createServer();
  server.listen(port, host);
  const [error] = (await once(server, 'error')) as [unknown];
  return error;
}

describe('an error of listening', () => {
  it('on a port that is in use is port-busy with host and port', async () => {
    await using server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const target = { service: 'HTTP', host: '127.0.0.1', port };
    expect(asListenFault(await listenError('127.0.0.1', port), target)).toMatchObject({
      code: 'port-busy',
      message: `HTTP port ${port} on 127.0.0.1 is in use by another program`,
    });
  });

  it('on an address of another computer is port-denied', async () => {
    // TEST-NET-1 (RFC 5737) is assigned to no computer.
    const error = await listenError('192.0.2.1', 0);
    expect(asListenFault(error, { service: 'MQTT', host: '192.0.2.1', port: 0 })).toMatchObject({
      code: 'port-denied',
      message: 'MQTT cannot listen on 192.0.2.1 port 0',
    });
  });

  it('of another kind is returned unchanged', () => {
    const error = new Error('something else');
    expect(asListenFault(error, { service: 'HTTP', host: '127.0.0.1', port: 80 })).toBe(error);
  });
});
