import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';

/**
 * A port of 127.0.0.1 at which every connection is refused. It stays so until it is disposed of: a connection has it as
 * its own end, so that the system gives it to no program that listens.
 */
export async function openRefusingPort(): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [[other]] = (await Promise.all([once(server, 'connection'), once(socket, 'connect')])) as [
    [typeof socket],
    unknown,
  ];
  return {
    port: socket.localPort ?? 0,
    async [Symbol.asyncDispose]() {
      socket.destroy();
      other.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
