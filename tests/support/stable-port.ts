import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that Linux, macOS and Windows give to connections and to servers that take any port. */
const FIRST = 20_000;
const COUNT = 12_000;
const ATTEMPTS = 50;

/**
 * A free port of 127.0.0.1 for a server that is closed and started again there. The system gives it to no other program
 * in between, as it may a port that it has chosen itself.
 */
export async function stablePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
  throw new Error(`no free port from ${FIRST} on`);
}
