import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What happens to a question on its way: answered, or cut before or after the registry has worked on it. */
export type Fate = 'pass' | 'cut-before' | 'cut-after';

export interface RegistryProxy extends AsyncDisposable {
  readonly url: string;
  /** Paths that came through, with the number of events in each. */
  readonly seen: { readonly path: string; readonly events: number }[];
  /** Fates of the next questions about events and leases, in order; `pass` when there is none. */
  readonly fates: Fate[];
  /** The same of the next enrolments. */
  readonly enrolFates: Fate[];
  /** Called with the path of each question, before it is forwarded. */
  onQuestion: (path: string) => Promise<void>;
  /** Called when the registry has answered a question whose reply will not arrive. */
  onCut: () => void;
  lead(to: string): void;
}

/** A network between station and registry: real HTTP on both sides, and it can lose replies. */
export async function startProxy(target: string): Promise<RegistryProxy> {
  let to = new URL(target);
  const seen: RegistryProxy['seen'] = [];
  const fates: Fate[] = [];
  const enrolFates: Fate[] = [];
  const server = createServer((question, reply) => {
    void forward(question, reply).catch(() => reply.destroy());
  });
  const proxy: RegistryProxy = {
    get url() {
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    seen,
    fates,
    enrolFates,
    onQuestion: () => Promise.resolve(),
    onCut: () => undefined,
    lead: (next) => void (to = new URL(next)),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };

  async function forward(question: IncomingMessage, reply: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of question) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    const path = question.url ?? '';
    await proxy.onQuestion(path);
    const matters = question.method === 'POST' && /^\/v1\/(?:events|leases(?:\/[^/]+\/return)?)$/.test(path);
    if (matters) {
      const { events } = JSON.parse(body.toString()) as { events?: unknown[] };
      seen.push({ path, events: events?.length ?? 0 });
    }
    const awaited = matters ? fates : path === '/v1/enrol' ? enrolFates : [];
    const fate = awaited.shift() ?? 'pass';
    if (fate === 'cut-before') return void reply.destroy();
    const { host: _host, connection: _connection, ...headers } = question.headers;
    const onward = request(new URL(path, to), { method: question.method ?? 'GET', headers, agent: false });
    // A connection may break behind its answer, too, when nobody waits for it any more.
    onward.on('error', () => undefined);
    onward.end(body);
    const [answer] = (await once(onward, 'response')) as [IncomingMessage];
    const responseChunks: Buffer[] = [];
    for await (const part of answer) responseChunks.push(part as Buffer);
    if (fate === 'cut-after') {
      proxy.onCut();
      return void reply.destroy();
    }
    reply.writeHead(answer.statusCode ?? 500, { 'content-type': answer.headers['content-type'] ?? '' });
    reply.end(Buffer.concat(responseChunks));
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return proxy;
}
