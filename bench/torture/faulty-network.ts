import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RandomSource } from './random-source.ts';

/** A fault of one request or its response. */
export type NetworkFault =
  | 'pass'
  | 'delay'
  /** The request does not arrive, or half of it arrives. */
  | 'cut-question'
  | 'half-question'
  /** The registry has applied the request; the response does not arrive, or half of it arrives. */
  | 'lose-answer'
  | 'half-answer'
  /** The request arrives twice: one after the other, or both at once. */
  | 'twice'
  | 'twice-at-once'
  /** The response is lost, and a copy of the request arrives after newer requests. */
  | 'late-copy';

/** Each fault with its weight. */
const FAULT_WEIGHTS: readonly (readonly [number, NetworkFault])[] = [
  [52, 'pass'],
  [12, 'delay'],
  [5, 'cut-question'],
  [4, 'half-question'],
  [9, 'lose-answer'],
  [4, 'half-answer'],
  [5, 'twice'],
  [4, 'twice-at-once'],
  [5, 'late-copy'],
];
const DELAY_MS = [5, 250] as const;
const LATE_MS = [300, 2500] as const;

export interface Network extends AsyncDisposable {
  readonly url: string;
  /** Number of requests by fault. */
  readonly faultCounts: ReadonlyMap<NetworkFault, number>;
  /** Calls the listener with the path of each request when the registry has answered, before the response is sent back. Returns the way to stop. */
  onAnswered(listener: (path: string) => void): () => void;
  /** The address of the registry from now on. */
  setTarget(to: string): void;
  /** No faults from now on. Resolves when no late copy is under way. */
  stopFaults(): Promise<void>;
}

interface ForwardedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
}

/** An HTTP proxy between one station and the registry that delays, cuts, loses and repeats requests. */
export async function startNetwork(random: RandomSource): Promise<Network> {
  let to: URL | null = null;
  let bad = true;
  const faultCounts = new Map<NetworkFault, number>();
  const listeners = new Set<(path: string) => void>();
  const copies = new Set<Promise<unknown>>();
  const server = createServer((asked, reply) => void proxy(asked, reply).catch(() => reply.destroy()));

  async function proxy(asked: IncomingMessage, reply: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of asked) parts.push(part as Buffer);
    const { host: _host, connection: _connection, ...headers } = asked.headers;
    const forwarded: ForwardedRequest = {
      method: asked.method ?? 'GET',
      path: asked.url ?? '',
      headers,
      body: Buffer.concat(parts),
    };
    // Drawn before the first wait, so that the fault of a request depends on its number only.
    const fault = random.pick(FAULT_WEIGHTS);
    const delayMs = random.between(...DELAY_MS);
    const lateMs = random.between(...LATE_MS);
    if (!bad) return answer(reply, await forward(forwarded));
    faultCounts.set(fault, (faultCounts.get(fault) ?? 0) + 1);
    switch (fault) {
      case 'pass':
        return answer(reply, await forward(forwarded));
      case 'delay':
        await sleep(delayMs);
        return answer(reply, await forward(forwarded));
      case 'cut-question':
        return void reply.destroy();
      case 'half-question':
        await forwardHalf(forwarded);
        return void reply.destroy();
      case 'lose-answer':
        await forward(forwarded);
        return void reply.destroy();
      case 'half-answer':
        return answerHalf(reply, await forward(forwarded));
      case 'twice':
        await forward(forwarded);
        return answer(reply, await forward(forwarded));
      case 'twice-at-once': {
        const [, second] = await Promise.all([forward(forwarded), forward(forwarded)]);
        return answer(reply, second);
      }
      case 'late-copy':
        await forward(forwarded);
        forwardLater(lateMs, forwarded);
        return void reply.destroy();
    }
  }

  function forwardLater(ms: number, forwarded: ForwardedRequest): void {
    const copy = sleep(ms)
      .then(() => forward(forwarded))
      .catch(() => undefined)
      .finally(() => copies.delete(copy));
    copies.add(copy);
  }

  async function forward({ method, path, headers, body }: ForwardedRequest): Promise<Reply> {
    if (to === null) throw new Error('no registry yet');
    const onward = request(new URL(path, to), { method, headers, agent: false });
    onward.on('error', () => undefined);
    onward.end(body);
    const [response] = (await once(onward, 'response')) as [IncomingMessage];
    const parts: Buffer[] = [];
    for await (const part of response) parts.push(part as Buffer);
    for (const listener of [...listeners]) listener(path);
    const type = response.headers['content-type'] ?? '';
    return { status: response.statusCode ?? 502, type, body: Buffer.concat(parts) };
  }

  /** Sends half of the announced body and closes the connection. */
  async function forwardHalf({ method, path, headers, body }: ForwardedRequest): Promise<void> {
    if (to === null) return;
    const onward = request(new URL(path, to), { method, headers, agent: false });
    onward.on('error', () => undefined);
    onward.write(body.subarray(0, Math.floor(body.length / 2)));
    const [socket] = (await once(onward, 'socket')) as [Socket];
    if (socket.connecting) await once(socket, 'connect');
    await sleep(5);
    onward.destroy();
  }

  const network: Network = {
    get url() {
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    faultCounts,
    onAnswered(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    setTarget: (next) => void (to = new URL(next)),
    async stopFaults() {
      bad = false;
      await Promise.all(copies);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return network;
}

function answer(reply: ServerResponse, { status, type, body }: Reply): void {
  reply.writeHead(status, { 'content-type': type, 'content-length': body.length });
  reply.end(body);
}

function answerHalf(reply: ServerResponse, { status, type, body }: Reply): void {
  reply.writeHead(status, { 'content-type': type, 'content-length': body.length });
  reply.write(body.subarray(0, Math.floor(body.length / 2)), () => void reply.destroy());
}
