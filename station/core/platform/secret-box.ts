/**
 * Wraps keys with a key of the operating system: the OS keychain in Electron, a key file with owner-only rights in kiosk
 * and CLI. The station wraps its data keys with it, and seals triples with the data keys.
 */
export interface SecretBox {
  /** Names the mechanism in `doctor` and in faults: `keychain`, `key-file`. */
  readonly kind: string;
  wrap(plain: Uint8Array): Promise<Uint8Array>;
  /** Creates no key. Faults: `secret-unreadable` when the key is missing or another one. */
  unwrap(wrapped: Uint8Array): Promise<Uint8Array>;
  /** A problem of the key's storage that was found when it was opened, for people; null for none. */
  warning?(): string | null;
}
