import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Chance } from './random-source.ts';

/** What happens to a question and its answer on their way. */
export type Fate =
  | 'pass'
  | 'delay'
  /** The question never arrives; or half of it does. */
  | 'cut-question'
  | 'half-question'
  /** The registry has worked on it, and the answer does not come back; or half of it does. */
  | 'lose-answer'
  | 'half-answer'
  /** The question arrives twice: one after the other, or both at once. */
  | 'twice'
  | 'twice-at-once'
  /** The answer is lost, and a copy of the question arrives when newer ones have been answered. */
  | 'late-copy';

/** The shares of a bad day. */
const BAD_DAY: readonly (readonly [number, Fate])[] = [
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
  /** How often each fate befell a question. */
  readonly fates: ReadonlyMap<Fate, number>;
  /** The listener hears the path of each question when the registry has answered it, before the answer goes back. */
  onAnswered(listener: (path: string) => void): () => void;
  /** Where the registry is now. */
  lead(to: string): void;
  /** From now on everything passes. Resolves when no late copy is on its way any more. */
  calm(): Promise<void>;
}

interface Question {
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

/** The network between one station and the registry: real HTTP on both sides, and it does what networks do. */
export async function startNetwork(chance: Chance): Promise<Network> {
  let to: URL | null = null;
  let bad = true;
  const fates = new Map<Fate, number>();
  const listeners = new Set<(path: string) => void>();
  const copies = new Set<Promise<unknown>>();
  const server = createServer((asked, reply) => void carry(asked, reply).catch(() => reply.destroy()));

  async function carry(asked: IncomingMessage, reply: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of asked) parts.push(part as Buffer);
    const { host: _host, connection: _connection, ...headers } = asked.headers;
    const question: Question = {
      method: asked.method ?? 'GET',
      path: asked.url ?? '',
      headers,
      body: Buffer.concat(parts),
    };
    // All is drawn before anything is waited for: what befalls a question depends on its number alone.
    const fate = chance.pick(BAD_DAY);
    const delayMs = chance.between(...DELAY_MS);
    const lateMs = chance.between(...LATE_MS);
    if (!bad) return answer(reply, await forward(question));
    fates.set(fate, (fates.get(fate) ?? 0) + 1);
    switch (fate) {
      case 'pass':
        return answer(reply, await forward(question));
      case 'delay':
        await sleep(delayMs);
        return answer(reply, await forward(question));
      case 'cut-question':
        return void reply.destroy();
      case 'half-question':
        await forwardHalf(question);
        return void reply.destroy();
      case 'lose-answer':
        await forward(question);
        return void reply.destroy();
      case 'half-answer':
        return answerHalf(reply, await forward(question));
      case 'twice':
        await forward(question);
        return answer(reply, await forward(question));
      case 'twice-at-once': {
        const [, second] = await Promise.all([forward(question), forward(question)]);
        return answer(reply, second);
      }
      case 'late-copy':
        await forward(question);
        later(lateMs, question);
        return void reply.destroy();
    }
  }

  function later(ms: number, question: Question): void {
    const copy = sleep(ms)
      .then(() => forward(question))
      .catch(() => undefined)
      .finally(() => copies.delete(copy));
    copies.add(copy);
  }

  async function forward({ method, path, headers, body }: Question): Promise<Reply> {
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

  /** Sends half of what was announced and hangs up. */
  async function forwardHalf({ method, path, headers, body }: Question): Promise<void> {
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
    fates,
    onAnswered(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    lead: (next) => void (to = new URL(next)),
    async calm() {
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
