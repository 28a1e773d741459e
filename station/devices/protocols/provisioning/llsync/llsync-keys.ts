import type { IdentityName } from '#shared/domain/triple.ts';

/**
 * What authenticates one unit and one binding. The codes may be recorded, the local key never. Faults of every method:
 * `secret-unreadable`.
 */
export interface LlsyncKeys {
  readonly name: IdentityName;
  /** Unix time in seconds, which the codes are about; a replay has the recorded one. */
  nowS(): number;
  /** HMAC-SHA1 by the decoded DeviceSecret. */
  secretCode(text: string): Promise<Uint8Array>;
  /** HMAC-SHA1 by the local key. */
  localCode(text: string): Promise<Uint8Array>;
  /** The key that the unit gets for this binding: 4 bytes, secret. */
  localKey(): Promise<Uint8Array>;
  /** What the unit advertises while it is bound by this run: 8 bytes. */
  bindId(): Promise<Uint8Array>;
}
