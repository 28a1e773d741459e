import { createHmac } from 'node:crypto';

const PERIOD_MS = 30_000;
const DIGITS = 6;
/** Passwords of this number of periods before and after are valid too, because clocks differ and typing takes time. */
const WINDOW = 1;

/** The temporary password of a counter. Source: RFC 4226, 5.3 (HOTP with HMAC-SHA1). */
export function passwordOf(key: Uint8Array, counter: number): string {
  const moving = Buffer.alloc(8);
  moving.writeBigInt64BE(BigInt(counter));
  const digest = createHmac('sha1', key).update(moving).digest();
  const offset = digest.readUInt8(digest.length - 1) & 0x0f;
  const number = digest.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0');
}

/** The password at a time. The key is the DeviceSecret as burned, in base64 (document 001, "temporary password"). */
export function passwordAt(deviceSecret: string, timeMs: number, periodOffset = 0): string {
  return passwordOf(Buffer.from(deviceSecret, 'base64'), Math.floor(timeMs / PERIOD_MS) + periodOffset);
}

/** Whether a password is valid at a time. */
export function isPassword(deviceSecret: string, typed: string, timeMs: number): boolean {
  for (let offset = -WINDOW; offset <= WINDOW; offset++) {
    if (passwordAt(deviceSecret, timeMs, offset) === typed) return true;
  }
  return false;
}
