import { createHmac } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { RefusalReason } from '#shared/domain/mqtt-refusal.ts';
import { randomBytes } from '../platform.ts';
import type { Vault } from '../vault.ts';
import type { Store } from '../store/index.ts';
import type { LoginThrottle } from './login-throttle.ts';

export interface PskIdentitiesOptions {
  readonly store: Pick<Store, 'devices'>;
  readonly vault: Pick<Vault, 'open'>;
  readonly throttle: LoginThrottle;
  readonly addressOf: (socket: TLSSocket) => string;
}

/** A handshake with a pre-shared key that failed. */
export interface FailedPsk {
  readonly identity: string;
  readonly reason: RefusalReason;
}

/**
 * Devices that log in by TLS with a pre-shared key: the identity is the client id (ProductId + DeviceName), the key is the
 * base64-decoded DeviceSecret. Source: `HAL_TLS_mbedtls.c` of Tencent's C SDK.
 */
export interface PskIdentities {
  /** The key for `pskCallback`; null for what is no client id, such as a ticket of TLS 1.3: the certificate is used then. */
  keyOf(socket: TLSSocket, identity: string): Buffer | null;
  /** The identity whose key the completed handshake has proven; null without one. */
  provenBy(socket: TLSSocket): string | null;
  /** The failed handshake of a socket, counted by the throttle; null when none was begun. */
  failed(socket: TLSSocket): FailedPsk | null;
}

interface Attempt {
  readonly identity: string;
  readonly isKnown: boolean;
  readonly isThrottled: boolean;
}

const PSK_BYTES = 16;
/** A ticket of TLS 1.3 is offered as an identity, too; it is not printable. */
const CLIENT_ID = /^[\x21-\x7e]{2,128}$/;

/**
 * An unknown identity, and a known one that must wait, get a random key, so that the handshake ends as with a wrong
 * key. The key of an unknown identity is the same each time.
 */
export function createPskIdentities(options: PskIdentitiesOptions): PskIdentities {
  const { store, vault, throttle, addressOf } = options;
  const attempts = new WeakMap<TLSSocket, Attempt>();
  const fakeSeed = randomBytes(32);
  const fakeKey = (identity: string): Buffer =>
    createHmac('sha256', fakeSeed).update(identity).digest().subarray(0, PSK_BYTES);

  return {
    keyOf(socket, identity) {
      if (!CLIENT_ID.test(identity)) return null;
      const device = store.devices.factsByClientId(identity);
      const isKnown = device !== null;
      const isThrottled =
        isKnown && throttle.waitMs({ address: addressOf(socket), clientId: identity, isKnown }) > 0;
      attempts.set(socket, { identity, isKnown, isThrottled });
      const fake = fakeKey(identity);
      if (device === null || isThrottled) return fake;
      const secret = vault.open(device.productId, device.deviceName, store.devices.sealedSecret(device.id));
      return Buffer.from(secret, 'base64');
    },
    provenBy(socket) {
      const attempt = attempts.get(socket);
      if (attempt === undefined || !attempt.isKnown || attempt.isThrottled) return null;
      return usesKey(socket) ? attempt.identity : null;
    },
    failed(socket) {
      const attempt = attempts.get(socket);
      if (attempt === undefined) return null;
      attempts.delete(socket);
      const { identity, isKnown, isThrottled } = attempt;
      if (isThrottled) return { identity, reason: 'too-often' };
      throttle.failed({ address: addressOf(socket), clientId: identity, isKnown });
      return { identity, reason: isKnown ? 'psk-wrong' : 'device-unknown' };
    },
  };
}

/**
 * Whether the completed handshake used the key and not the certificate. In TLS 1.3 a client may offer a key that does not fit the
 * suite, and the certificate is used; a key counts as a resumed session there, and the server resumes no other (`secure-server.ts`).
 */
function usesKey(socket: TLSSocket): boolean {
  return socket.getProtocol() === 'TLSv1.3'
    ? socket.isSessionReused()
    : socket.getCipher().name.startsWith('PSK-');
}
