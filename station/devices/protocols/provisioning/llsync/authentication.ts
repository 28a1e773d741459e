import { createHash, createHmac } from 'node:crypto';
import type { IdentityName } from '#shared/domain/triple.ts';

/** The unit answers with a time that is this much later than the one it was given. */
const ANSWER_DELAY_S = 60;
export const CODE_BYTES = 20;

/**
 * Texts of which LLSync takes the HMAC-SHA1. Key of the binding: the decoded DeviceSecret; of all others: the local key that the
 * binding gave the unit. Source: LLSync protocol 1.4.1, authentication; confirmed by runs of SDK 1.4.1.
 */
export const AUTHENTICATED = {
  /** @param atS Unix time of the time message */
  bind: ({ productId, deviceName }: IdentityName, nonce: number, atS: number): string =>
    `${productId}${deviceName};${nonce};${atS + ANSWER_DELAY_S}`,
  connectRequest: (atS: number): string => String(atS),
  connectAnswer: ({ productId, deviceName }: IdentityName, atS: number): string =>
    `${atS + ANSWER_DELAY_S}${productId}${deviceName}`,
  unbindRequest: 'UnbindRequest',
  unbindAnswer: 'UnbindResponse',
} as const;

/** 20 bytes. */
export function authenticationCode(key: Uint8Array, text: string): Uint8Array {
  return new Uint8Array(createHmac('sha1', key).update(text).digest());
}

/** What a bound unit advertises in place of its name: MD5 of its name, its halves combined by exclusive or; 8 bytes. */
export function deviceIdOf({ productId, deviceName }: IdentityName): Uint8Array {
  const digest = createHash('md5').update(`${productId}${deviceName}`).digest();
  return Uint8Array.from({ length: 8 }, (_, index) => (digest[index] ?? 0) ^ (digest[index + 8] ?? 0));
}
