import type { RefusalReason } from '#shared/domain/mqtt-refusal.ts';

/**
 * Codes of a refused registration. Source: error codes of dynamic registration in Tencent's AT command set V3.2.1; the document of
 * the current form names none.
 */
export const REGISTRATION_CODES = {
  internal: 1000,
  'product-unknown': 1004,
  'content-wrong': 1006,
  'time-wrong': 1006,
  repeated: 1006,
  'signature-wrong': 1010,
  'registration-off': 1011,
  'too-often': 1012,
  'device-unknown': 1020,
  retired: 1020,
  quarantined: 1020,
  'already-active': 1021,
  'registration-limit': 1031,
} as const satisfies Partial<Record<RefusalReason | 'internal', number>>;

export type RegistrationRefusal = keyof typeof REGISTRATION_CODES;

const MESSAGES: Readonly<Record<number, string>> = {
  1000: 'internal error',
  1004: 'product not exist',
  1006: 'invalid parameter',
  1010: 'signature check failed',
  1011: 'dynamic registration is not supported',
  1012: 'exceed the number of requests',
  1020: 'no such device',
  1021: 'device is already registered',
  1031: 'exceed the limit of devices',
};

/** The text for the device; it does not tell more than the code. */
export function messageOf(refusal: RegistrationRefusal): string {
  return MESSAGES[REGISTRATION_CODES[refusal]] ?? '';
}
