import { once } from 'node:events';
import { Agent, type RequestOptions, request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { isIP, type OnReadOpts } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';

export type Fetch = typeof globalThis.fetch;

/** Somebody shows a certificate that is not the one agreed on. Nothing was said to them. */
export class UntrustedCertificate extends Error {
  /** SHA-256 of what is shown, as `AA:BB:…`. */
  readonly fingerprint: string;

  constructor(fingerprint: string) {
    super('the certificate is not trusted');
    this.name = 'UntrustedCertificate';
    this.fingerprint = fingerprint;
  }
}

/**
 * `fetch` over TLS that looks at the certificate before it says a word: the token is in the first line. With a pin, only
 * the certificate of that fingerprint is spoken to, whoever signed it and however long it is valid; without one, only what
 * this computer's authorities vouch for. Replies are read whole. Errors: `UntrustedCertificate`, and those of the system.
 */
export function createHttpsFetch(pin: string | null): Fetch {
  const agent = new Agent({ keepAlive: true, maxCachedSessions: 0 });
  // Given back only when it is trusted: what is asked waits for that, and never reaches another.
  agent.createConnection = (options: RequestOptions, done) => {
    const host = String(options.host ?? options.hostname ?? 'localhost');
    connectTrusted({ host, port: Number(options.port ?? 443) }, pin).then(
      (socket) => done?.(null, socket),
      // Without a socket there is none to give; the types do not know that.
      (error: Error) => done?.(error, undefined as never),
    );
    return undefined;
  };

  return async (input, init = {}) => {
    const asked = request(new URL(String(input)), {
      agent,
      method: init.method ?? 'GET',
      headers: Object.fromEntries(new Headers(init.headers)),
      ...(init.signal == null ? {} : { signal: init.signal }),
    });
    const body = init.body as string | Uint8Array | null | undefined;
    if (body != null) asked.setHeader('content-length', Buffer.byteLength(body));
    asked.end(body ?? undefined);
    const [reply] = (await once(asked, 'response')) as [IncomingMessage];
    const parts: Buffer[] = [];
    for await (const part of reply) parts.push(part as Buffer);
    return new Response(withoutBody(reply) ? null : Buffer.concat(parts), {
      status: reply.statusCode ?? 502,
    });
  };
}

/**
 * A socket to whom is trusted, not a byte written to it yet; see `createHttpsFetch`.
 *
 * @param to `onread` as Node's `net` has it
 */
export function connectTrusted(
  to: { readonly host: string; readonly port: number; readonly onread?: OnReadOpts },
  pin: string | null,
): Promise<TLSSocket> {
  return new Promise<TLSSocket>((resolve, reject) => {
    const socket = connect({
      ...to,
      ...(isIP(to.host) === 0 ? { servername: to.host } : {}),
      minVersion: 'TLSv1.2',
      // Judged below, where the fingerprint can be told.
      rejectUnauthorized: false,
    });
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      socket.off('error', reject);
      const shown = socket.getPeerCertificate().fingerprint256;
      if (isTrusted(socket, shown, pin)) return resolve(socket);
      socket.destroy();
      reject(new UntrustedCertificate(shown));
    });
  });
}

function isTrusted(socket: TLSSocket, shown: string, pin: string | null): boolean {
  return pin === null ? socket.authorized : normalFingerprint(shown) === pin;
}

/** A fingerprint of SHA-256 however people write it, as 64 upper case hex digits; null when it is none. */
export function normalFingerprint(text: string): string | null {
  const hex = text
    .trim()
    .replace(/^sha-?256[:= ]/i, '')
    .replace(/[:\s-]/g, '')
    .toUpperCase();
  return /^[0-9A-F]{64}$/.test(hex) ? hex : null;
}

function withoutBody({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode === 204 || statusCode === 304 || (statusCode >= 100 && statusCode < 200);
}
