/**
 * A network that loses replies, in a process of its own: `lossy-proxy.ts TARGET SHARE SEED`. The registry has worked
 * on the question; the connection breaks before the answer is through. Says how many it lost when it ends.
 */
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

const target = new URL(process.argv[2] ?? '');
const share = Number(process.argv[3]);
let seed = Number(process.argv[4]) >>> 0;
const agent = new Agent({ keepAlive: true });
let replies = 0;
let lost = 0;

/** Mulberry32: the same losses for the same seed. */
function chance(): number {
  seed = (seed + 0x6d2b79f5) >>> 0;
  let t = seed;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}

const server = createServer((question, reply) => {
  const { method, url = '', headers } = question;
  const onward = request(new URL(url, target), { ...(method && { method }), headers, agent }, (answer) => {
    const lose = method === 'POST' && url === '/v1/events' && chance() < share;
    if (method === 'POST' && url === '/v1/events') replies += 1;
    if (lose) {
      lost += 1;
      // To the end, so that the registry has surely worked on it.
      answer.resume().once('end', () => reply.destroy());
      return;
    }
    reply.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(reply);
  });
  onward.once('error', () => reply.destroy());
  question.pipe(onward);
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
