import { createHmac } from 'node:crypto';
import { equalInConstantTime } from '#node-kit/crypto/index.ts';

/**
 * The login of a device.
 * Sources: client id = productId + deviceName, username = `{clientId};{sdkappid};{connid};{expiry in s}` and
 * password = hex(HMAC(base64dec(psk), username)) `;hmacsha256` are printed in document 002. `;hmacsha1`, other sdkappids
 * and the lengths of the expiry are those of Tencent's public device SDKs: the C SDK of a 64-bit computer gives LONG_MAX cut
 * to 17 digits, the Python SDK milliseconds, which are seconds of a distant year here.
 */
export interface LoginAttempt {
  readonly clientId: string;
  readonly username: string | null;
  readonly password: Uint8Array | null;
  /**
   * The identity that the TLS handshake has proven by a pre-shared key; it must be the client id. A password is not needed
   * then (Tencent's C SDK sends none), and one that comes is checked.
   */
  readonly pskIdentity?: string | null;
}

export type LoginResult =
  | { readonly ok: true }
  /** `returnCode` as in MQTT 3.1.1, table 3.1: 4 bad user name or password, 5 not authorised. */
  | { readonly ok: false; readonly returnCode: 4 | 5; readonly reason: LoginRefusal };

export type LoginRefusal =
  | 'username-malformed'
  | 'client-id-mismatch'
  | 'password-malformed'
  | 'password-wrong'
  | 'expired'
  | 'retired'
  | 'quarantined';

/** The stored device of the client id. */
export interface KnownDevice {
  readonly deviceSecret: string;
  readonly retired: boolean;
  /** Its lease is quarantined, see `registry/leases`. */
  readonly quarantined?: boolean;
}

const USERNAME = /^([^;]{2,128});(\d{1,12});([A-Za-z0-9]{1,16});(\d{1,19})$/;
const PASSWORD = /^(?:([0-9a-f]{64});hmacsha256|([0-9a-f]{40});hmacsha1)$/i;
const DIGEST = { sha256: 'sha256', sha1: 'sha1' } as const;

/**
 * Checks a login. An unknown client takes the same time and gets the same result as a wrong secret; expiry, retirement and
 * quarantine are reported only to a client with the right secret.
 *
 * @param subject null for an unknown client id
 */
export function checkLogin(attempt: LoginAttempt, subject: KnownDevice | null, nowMs: number): LoginResult {
  const username = USERNAME.exec(attempt.username ?? '');
  if (username === null) return { ok: false, returnCode: 4, reason: 'username-malformed' };
  if (username[1] !== attempt.clientId) return { ok: false, returnCode: 4, reason: 'client-id-mismatch' };
  const { pskIdentity = null } = attempt;
  if (pskIdentity !== null) {
    if (pskIdentity !== attempt.clientId || subject === null)
      return { ok: false, returnCode: 4, reason: 'client-id-mismatch' };
    if (attempt.password === null) return checkStanding(username[4] ?? '', subject, nowMs);
  }
  const password = PASSWORD.exec(Buffer.from(attempt.password ?? []).toString('latin1'));
  if (password === null) return { ok: false, returnCode: 4, reason: 'password-malformed' };
  const digest = password[1] === undefined ? DIGEST.sha1 : DIGEST.sha256;
  const hmac = Buffer.from(password[1] ?? password[2] ?? '', 'hex');
  const expected = macOf(subject?.deviceSecret ?? '', username[0], digest);
  if (!equalInConstantTime(hmac, expected) || subject === null) {
    return { ok: false, returnCode: 4, reason: 'password-wrong' };
  }
  return checkStanding(username[4] ?? '', subject, nowMs);
}

/** Expiry of the user name, retirement and quarantine of a client that has proven its secret. */
function checkStanding(expiryS: string, subject: KnownDevice, nowMs: number): LoginResult {
  // A number cannot hold 19 digits exactly.
  if (BigInt(expiryS) * 1000n <= BigInt(Math.floor(nowMs)))
    return { ok: false, returnCode: 5, reason: 'expired' };
  if (subject.retired) return { ok: false, returnCode: 5, reason: 'retired' };
  if (subject.quarantined === true) return { ok: false, returnCode: 5, reason: 'quarantined' };
  return { ok: true };
}

function macOf(deviceSecret: string, username: string, digest: (typeof DIGEST)[keyof typeof DIGEST]): Buffer {
  return createHmac(digest, Buffer.from(deviceSecret, 'base64')).update(username).digest();
}
