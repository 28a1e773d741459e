import { constants } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, DEFAULT_CIPHERS, TLSSocket } from 'node:tls';
import type { PskIdentities } from './psk-identities.ts';

export interface SecureServerOptions {
  /** PEM; without it only pre-shared keys are served. */
  readonly certificate: { readonly cert: string; readonly key: string } | null;
  /** Null: no pre-shared keys. */
  readonly psk: PskIdentities | null;
}

/** The suites of Tencent's device SDKs (`HAL_TLS_mbedtls.c`). They need no lower security level of OpenSSL. */
const PSK_SUITES = 'PSK-AES128-CBC-SHA:PSK-AES256-CBC-SHA';

/**
 * A server with TLS 1.2 or newer. A failed or missing handshake ends its connection. A client with a certificate's suite is
 * served as without pre-shared keys; suites without authentication are never offered.
 */
export function createSecureServer(
  { certificate, psk }: SecureServerOptions,
  accept: (tcp: Socket, socket: TLSSocket) => void,
): Server {
  const secureContext = createSecureContext({
    ...certificate,
    minVersion: 'TLSv1.2',
    ...(psk === null ? {} : { ciphers: suitesWithPsk(certificate !== null), honorCipherOrder: true }),
    // A resumed session would not name the identity of its key. Node keeps no sessions, so that without tickets none is resumed.
    ...(psk === null ? {} : { secureOptions: constants.SSL_OP_NO_TICKET }),
  });
  return createServer((tcp) => {
    tcp.on('error', () => tcp.destroy());
    const pskCallback = psk === null ? {} : { pskCallback: pskCallbackOf(psk) };
    accept(tcp, new TLSSocket(tcp, { isServer: true, secureContext, ...pskCallback }));
  });
}

/** In TLS 1.3 a pre-shared key is bound to SHA-256. OpenSSL uses the certificate when it has chosen a suite of another digest. */
const FIRST_SUITE = 'TLS_AES_128_GCM_SHA256';

/** Node's list ends with `!PSK`, which forbids them for ever; `-PSK` removes them, so that two can be added. */
function suitesWithPsk(hasCertificate: boolean): string {
  return hasCertificate
    ? `${FIRST_SUITE}:${DEFAULT_CIPHERS.replaceAll('!PSK', '-PSK')}:${PSK_SUITES}`
    : `${FIRST_SUITE}:${PSK_SUITES}`;
}

function pskCallbackOf(psk: PskIdentities): (socket: TLSSocket, identity: string) => Buffer | null {
  return (socket, identity) => psk.keyOf(socket, identity);
}
