import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { generate } from 'selfsigned';
import { describe, expect, it } from 'vitest';
import {
  connectTrusted,
  normalFingerprint,
  UntrustedCertificate,
} from '../../../../station/registry-sync/client/gongwei/https-fetch.ts';
import {
  type Connect,
  connectPlain,
  postWithSecrets,
} from '../../../../station/registry-sync/client/gongwei/post-with-secrets.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';

const BODY = '{"deviceSecret":"c2VjcmV0"}';

interface Asked {
  readonly outcome: unknown;
  /** What the other side heard. */
  readonly heard: string;
  /** The memory that the body was in, after it was given back. */
  readonly left: string | null;
}

/** One question to a server that answers with these pieces and hangs up. */
async function ask(
  pieces: readonly string[],
  signal = NEVER_ABORTED,
  connect: Connect = connectPlain,
  tls: TlsOptions | null = null,
): Promise<Asked> {
  let heard = '';
  const answer = (socket: Socket): void => {
    socket.on('error', () => undefined);
    socket.setNoDelay(true);
    socket.on('data', (data) => {
      heard += data.toString();
      if (!heard.endsWith('{"count":1}')) return;
      void (async () => {
        for (const piece of pieces) {
          socket.write(piece);
          await new Promise((resolve) => setImmediate(resolve));
        }
        socket.end();
      })();
    });
  };
  const server = tls === null ? createServer(answer) : createTlsServer(tls, answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const seen: Uint8Array[] = [];
  try {
    const question = {
      url: new URL(`${tls === null ? 'http' : 'https'}://127.0.0.1:${port}/v1/leases?a=b`),
      headers: { authorization: 'Bearer T' },
      body: '{"count":1}',
      signal,
      connect,
    };
    const outcome: unknown = await postWithSecrets(question, (status, body) => {
      seen.push(body);
      return `${status} ${Buffer.from(body).toString()}`;
    }).catch((error: unknown) => error);
    const [body] = seen;
    return { outcome, heard, left: body === undefined ? null : Buffer.from(body).toString('latin1') };
  } finally {
    server.close();
  }
}

describe('an exchange with secrets', () => {
  it('gives the body however it comes, and leaves nothing of it in its memory', async () => {
    const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';
    const whole = `${head}Content-Length: ${BODY.length}\r\n\r\n${BODY}`;
    const chunked = `${head}Transfer-Encoding: chunked\r\n\r\n5\r\n${BODY.slice(0, 5)}\r\n${(BODY.length - 5).toString(16)};x=y\r\n${BODY.slice(5)}\r\n0\r\n\r\n`;
    for (const answer of [whole, chunked, `${head}\r\n${BODY}`]) {
      for (const pieces of [[answer], [answer.slice(0, 9), answer.slice(9, 90), answer.slice(90)]]) {
        const { outcome, heard, left } = await ask(pieces);
        expect(outcome).toBe(`200 ${BODY}`);
        expect(left).toBe('\0'.repeat(BODY.length));
        expect(heard).toMatch(/^POST \/v1\/leases\?a=b HTTP\/1\.1\r\nhost: 127\.0\.0\.1:\d+\r\n/);
        expect(heard).toContain('\r\ncontent-length: 11\r\n');
      }
    }
    const large = 'x'.repeat(300_000);
    expect((await ask([`${head}Content-Length: 300000\r\n\r\n${large}`])).outcome).toBe(`200 ${large}`);
    expect((await ask(['HTTP/1.1 409 Conflict\r\n\r\n{}'])).outcome).toBe('409 {}');
  });

  it('rejects what is cut off, too long, no HTTP, or stopped', async () => {
    const broken = { code: 'EPIPE' };
    expect((await ask([])).outcome).toMatchObject(broken);
    expect((await ask(['rubbish\r\n\r\n'])).outcome).toMatchObject(broken);
    expect((await ask([`HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n${BODY}`])).outcome).toMatchObject(
      broken,
    );
    const cut = `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n${BODY}`;
    expect((await ask([cut])).outcome).toMatchObject(broken);
    const stop = new AbortController();
    stop.abort(new Error('stopped'));
    expect((await ask([], stop.signal)).outcome).toMatchObject({ message: 'stopped' });
    const closed = new URL('http://127.0.0.1:1/');
    const { signal } = new AbortController();
    await expect(
      postWithSecrets({ url: closed, headers: {}, body: '', signal, connect: connectPlain }, () => null),
    ).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('over TLS says nothing to a certificate that is not the one agreed on, and leaves as little behind', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'registry' }]);
    const pin = normalFingerprint(new X509Certificate(cert).fingerprint256);
    const answer = [`HTTP/1.1 200 OK\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`];
    const { signal } = new AbortController();
    const trusted = await ask(answer, signal, (to) => connectTrusted(to, pin), { key, cert });
    expect(trusted).toMatchObject({ outcome: `200 ${BODY}`, left: '\0'.repeat(BODY.length) });
    const other = await ask(answer, signal, (to) => connectTrusted(to, 'AB'.repeat(32)), { key, cert });
    expect(other).toMatchObject({ heard: '', left: null });
    expect(other.outcome).toBeInstanceOf(UntrustedCertificate);
  });
});
