/**
 * A proxy that loses replies, in a process of its own: `lossy-proxy.ts TARGET SHARE SEED`. The registry has processed the
 * request, and the connection breaks before the reply. It prints the number of lost replies when it ends.
 */
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

const target = new URL(process.argv[2] ?? '');
const share = Number(process.argv[3]);
let seed = Number(process.argv[4]) >>> 0;
const agent = new Agent({ keepAlive: true });
let replies = 0;
let lost = 0;

/** Mulberry32, so that the same seed gives the same losses. */
function chance(): number {
  seed = (seed + 0x6d2b79f5) >>> 0;
  let t = seed;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}

const server = createServer((incoming, outgoing) => {
  const { method, url = '', headers } = incoming;
  const forwarded = request(
    new URL(url, target),
    { ...(method && { method }), headers, agent },
    (response) => {
      const lose = method === 'POST' && url === '/v1/events' && chance() < share;
      if (method === 'POST' && url === '/v1/events') replies += 1;
      if (lose) {
        lost += 1;
        // The reply is read to its end, so that the registry has processed the request.
        response.resume().once('end', () => outgoing.destroy());
        return;
      }
      outgoing.writeHead(response.statusCode ?? 500, response.headers);
      response.pipe(outgoing);
    },
  );
  forwarded.once('error', () => outgoing.destroy());
  incoming.pipe(forwarded);
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`);
});
process.stdin.resume().once('end', () => {
  process.stdout.write(`${JSON.stringify({ replies, lost })}\n`);
  server.closeAllConnections();
  server.close();
  agent.destroy();
});
