import { createHmac } from 'node:crypto';

import { MQTT_LOGIN } from '#shared/domain/at-module.ts';

import type { StoredIdentity } from '../../flash/index.ts';
import type { DeviceContext } from '../../profiles/profile.ts';

/** Ten years. */
const LOGIN_VALID_S = 10 * 365 * 86_400;
const CONNECTION_ID_CHARS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export interface Login {
  readonly clientId: string;
  readonly username: string;
  /** Not sent with a pre-shared key. */
  readonly password?: string;
  /** With TLS: the identity and the key of the connection. */
  readonly psk?: { readonly identity: string; readonly key: Buffer };
}

/**
 * The MQTT login of a device of the Tencent IoT platform (document 002, "MQTT"; its vector is in the tests):
 * `password = hex(HMAC-SHA256(base64(secret), username)) + ";hmacsha256"`. `expiryS` is Unix time in seconds.
 */
export function loginOf(
  identity: StoredIdentity,
  connectionId: string,
  expiryS: number,
): { readonly clientId: string; readonly username: string; readonly password: string } {
  const clientId = identity.productId + identity.deviceName;
  const username = [clientId, MQTT_LOGIN.sdkAppId, connectionId, expiryS].join(';');
  const key = Buffer.from(identity.deviceSecret, 'base64');
  const signature = createHmac('sha256', key).update(username).digest('hex');
  return { clientId, username, password: `${signature};${MQTT_LOGIN.signature}` };
}

/**
 * The login over TLS with the DeviceSecret as pre-shared key, as of the published AT firmware and Tencent's C SDK: the identity is the
 * client id, and no password is sent.
 */
export function newPskLogin(context: DeviceContext, identity: StoredIdentity): Login {
  const { clientId, username, deviceSecret } = newAttempt(context, identity);
  return { clientId, username, psk: { identity: clientId, key: Buffer.from(deviceSecret, 'base64') } };
}

/** The login of a unit at this moment, subject to the fault `login-refused`. */
export function newLogin(context: DeviceContext, identity: StoredIdentity): Login {
  const { clientId, username, password } = newAttempt(context, identity);
  return { clientId, username, password };
}

/** `deviceSecret`: the one that the unit uses, which the fault spoils. */
function newAttempt(
  { faults, random, nowMs }: DeviceContext,
  identity: StoredIdentity,
): ReturnType<typeof loginOf> & { readonly deviceSecret: string } {
  let connectionId = '';
  while (connectionId.length < MQTT_LOGIN.connectionIdChars) {
    connectionId += CONNECTION_ID_CHARS[random.integer(0, CONNECTION_ID_CHARS.length - 1)] ?? '';
  }
  const wrong = faults.take('login-refused');
  // The clock of a module that was never set starts in 1970, so that its logins have expired.
  const expiryS = wrong?.by === 'clock' ? LOGIN_VALID_S / 10 : Math.floor(nowMs() / 1_000) + LOGIN_VALID_S;
  const deviceSecret = wrong?.by === 'psk' ? 'AAAAAAAAAAAAAAAAAAAAAA==' : identity.deviceSecret;
  return { ...loginOf({ ...identity, deviceSecret }, connectionId, expiryS), deviceSecret };
}
