import { once } from 'node:events';
import { Agent, type RequestOptions, request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { isIP, type OnReadOpts } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';

export type Fetch = typeof globalThis.fetch;

/** The server shows a certificate that is not trusted. Nothing was sent to it. */
export class UntrustedCertificate extends Error {
  /** SHA-256 of the shown certificate, as `AA:BB:…`. */
  readonly fingerprint: string;

  constructor(fingerprint: string) {
    super('the certificate is not trusted');
    this.name = 'UntrustedCertificate';
    this.fingerprint = fingerprint;
  }
}

/**
 * `fetch` over TLS that checks the certificate before it sends the request, which contains the token. With a pin, only the
 * certificate of that fingerprint is trusted, whatever its issuer and its dates; without one, the certificate authorities
 * of this computer decide. Responses are read whole. Throws `UntrustedCertificate`, and errors of the system.
 */
export function createHttpsFetch(pin: string | null): Fetch {
  const agent = new Agent({ keepAlive: true, maxCachedSessions: 0 });
  // The socket is returned after the check: the request waits for it.
  agent.createConnection = (options: RequestOptions, done) => {
    const host = String(options.host ?? options.hostname ?? 'localhost');
    connectTrusted({ host, port: Number(options.port ?? 443) }, pin).then(
      (socket) => done?.(null, socket),
      // The types ask for a socket although there is none.
      (error: Error) => done?.(error, undefined as never),
    );
    return undefined;
  };

  return async (input, init = {}) => {
    const outgoing = request(new URL(String(input)), {
      agent,
      method: init.method ?? 'GET',
      headers: Object.fromEntries(new Headers(init.headers)),
      ...(init.signal == null ? {} : { signal: init.signal }),
    });
    const body = init.body as string | Uint8Array | null | undefined;
    if (body != null) outgoing.setHeader('content-length', Buffer.byteLength(body));
    outgoing.end(body ?? undefined);
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    const parts: Buffer[] = [];
    for await (const part of response) parts.push(part as Buffer);
    return new Response(hasNoBody(response) ? null : Buffer.concat(parts), {
      status: response.statusCode ?? 502,
    });
  };
}

/**
 * Opens a socket to a trusted server; nothing was written to it. See `createHttpsFetch`.
 *
 * @param target with `onread` of Node's `net`
 */
export function connectTrusted(
  target: { readonly host: string; readonly port: number; readonly onread?: OnReadOpts },
  pin: string | null,
): Promise<TLSSocket> {
  return new Promise<TLSSocket>((resolve, reject) => {
    const socket = connect({
      ...target,
      ...(isIP(target.host) === 0 ? { servername: target.host } : {}),
      minVersion: 'TLSv1.2',
      // Checked below, where the fingerprint is known for the error.
      rejectUnauthorized: false,
    });
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      socket.off('error', reject);
      const fingerprint = socket.getPeerCertificate().fingerprint256;
      if (isTrusted(socket, fingerprint, pin)) return resolve(socket);
      socket.destroy();
      reject(new UntrustedCertificate(fingerprint));
    });
  });
}

function isTrusted(socket: TLSSocket, fingerprint: string, pin: string | null): boolean {
  return pin === null ? socket.authorized : normalFingerprint(fingerprint) === pin;
}

/** A SHA-256 fingerprint in any usual notation as 64 upper case hex digits; null when the text is none. */
export function normalFingerprint(text: string): string | null {
  const hex = text
    .trim()
    .replace(/^sha-?256[:= ]/i, '')
    .replace(/[:\s-]/g, '')
    .toUpperCase();
  return /^[0-9A-F]{64}$/.test(hex) ? hex : null;
}

function hasNoBody({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode === 204 || statusCode === 304 || (statusCode >= 100 && statusCode < 200);
}
