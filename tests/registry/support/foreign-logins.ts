import type { Login } from './mqtt-peer.ts';

/** The device of the logins below. */
export const FOREIGN = {
  productId: 'FIELDMQTT1',
  deviceName: 'lamp-01',
  deviceSecret: 'cGluZXMgYW5kIGNsb3Vkcy4=',
} as const;

const CLIENT_ID = FOREIGN.productId + FOREIGN.deviceName;

/**
 * Logins in the forms that foreign firmware makes. Passwords are of `openssl dgst -mac HMAC` and Python's hmac over the
 * user name, with the secret decoded from base64.
 */
export const FOREIGN_LOGINS = {
  'the C SDK on 64-bit Linux: LONG_MAX cut to 17 digits': login(
    '21010406;k3Xz9;92233720368547758',
    '65c46243b49ad1fb594a04057beebef23fd5d509c5d0d4429bf64890d6f53024;hmacsha256',
  ),
  'the C SDK on 32 bits and the Java SDK': login(
    '21010406;aB4cD;2147483647',
    'f3ac2351aa90cb0a518e65bbb7dafb4cda038bdfde5b1b4245c85b8c89052b71;hmacsha256',
  ),
  'the Python SDK: milliseconds and SHA-1': login(
    '21010406;qW7er;1893456000000',
    'd76e4d48502d1b8dad731c3e4d462dbba8ac858e;hmacsha1',
  ),
  'LONG_MAX as a whole': login(
    '12010126;ZR5GT;9223372036854775807',
    '068c417914849964581ade2d886d2ac092eb633da446795b0b08d306f12822e5;hmacsha256',
  ),
  'nineteen digits, beyond 64 bits': login(
    '12010126;ZR5GT;9999999999999999999',
    '572dc80a6b24403cdefd4f90d647f00d43cc50b2;hmacsha1',
  ),
} as const;

/** Logins with the right secret that are refused all the same, by MQTT's return code. */
export const REFUSED_LOGINS = [
  [
    'an expiry of the year 2020',
    login(
      '12010126;ZR5GT;1577836800',
      '55d07597632bab7f5c88506e5a27b687dbfedd50ef9c593112594d15dc170442;hmacsha256',
    ),
    5,
    'expired',
  ],
  [
    'an expiry of one digit',
    login('12010126;ZR5GT;7', 'e58eb9014dc6c54e73770b261615f56849d4d5ba4c26dd30196767824f10eb96;hmacsha256'),
    5,
    'expired',
  ],
  [
    'an expiry of twenty digits',
    login(
      '12010126;ZR5GT;10000000000000000000',
      'dea57dc9065e52188b41449931ab4b8b096f32a54849e1e4dd023a714631a82e;hmacsha256',
    ),
    4,
    'username-malformed',
  ],
] as const;

function login(rest: string, password: string): Login {
  return { clientId: CLIENT_ID, username: `${CLIENT_ID};${rest}`, password };
}
