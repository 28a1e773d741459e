import { createHmac } from 'node:crypto';

import { MQTT_LOGIN } from '#shared/domain/at-module.ts';

import type { StoredIdentity } from '../../flash/index.ts';

export interface Login {
  readonly clientId: string;
  readonly username: string;
  readonly password: string;
}

/**
 * The MQTT login of a device of the Tencent IoT platform (document 002, "MQTT"; its vector is in the tests):
 * `password = hex(HMAC-SHA256(base64(secret), username)) + ";hmacsha256"`. `expiryS` is Unix time in seconds.
 */
export function loginOf(identity: StoredIdentity, connectionId: string, expiryS: number): Login {
  const clientId = identity.productId + identity.deviceName;
  const username = [clientId, MQTT_LOGIN.sdkAppId, connectionId, expiryS].join(';');
  const key = Buffer.from(identity.deviceSecret, 'base64');
  const signature = createHmac('sha256', key).update(username).digest('hex');
  return { clientId, username, password: `${signature};${MQTT_LOGIN.signature}` };
}
