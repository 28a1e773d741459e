import { createHash, createHmac } from 'node:crypto';

interface Name {
  readonly productId: string;
  readonly deviceName: string;
}

const sign = (key: Uint8Array, ...parts: readonly string[]): Buffer => {
  const hmac = createHmac('sha1', key);
  for (const part of parts) hmac.update(part, 'latin1');
  return hmac.digest();
};

/** Signatures of the device (`ble_bind_get_authcode`, `ble_conn_get_authcode`, `ble_unbind_get_authcode`). */
export const codes = {
  /** @param secret DeviceSecret in base64; times in seconds */
  bind(secret: string, { productId, deviceName }: Name, nonce: number, time: number): Buffer {
    return sign(Buffer.from(secret, 'base64'), productId, deviceName, `;${nonce}`, `;${time + 60}`);
  },
  mayConnect(localKey: Uint8Array, time: number, given: Uint8Array): boolean {
    return sign(localKey, `${time}`).equals(given);
  },
  connect(localKey: Uint8Array, { productId, deviceName }: Name, time: number): Buffer {
    return sign(localKey, `${time + 60}`, productId, deviceName);
  },
  mayUnbind(localKey: Uint8Array, given: Uint8Array): boolean {
    return sign(localKey, 'UnbindRequest').equals(given);
  },
  unbind: (localKey: Uint8Array): Buffer => sign(localKey, 'UnbindResponse'),
};

/** Eight bytes that a bound device advertises in place of its name. */
export function shortId({ productId, deviceName }: Name): Buffer {
  const digest = createHash('md5')
    .update(productId + deviceName, 'latin1')
    .digest();
  return Buffer.from(digest.subarray(0, 8).map((byte, at) => byte ^ digest.readUInt8(at + 8)));
}
