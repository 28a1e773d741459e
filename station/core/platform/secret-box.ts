/**
 * The operating system's way to keep a key: the OS keychain in Electron, a key file with owner-only rights in
 * kiosk and CLI. The station wraps its data keys with it; triples are sealed with those.
 */
export interface SecretBox {
  /** Names the mechanism in `doctor` and in faults: `keychain`, `key-file`. */
  readonly kind: string;
  wrap(plain: Uint8Array): Promise<Uint8Array>;
  /** Faults: `secret-unreadable` when the key is gone, or is another one than it was wrapped with. Makes no key. */
  unwrap(wrapped: Uint8Array): Promise<Uint8Array>;
  /** What a person should know of how the key was kept, found when it was opened; null when all is well. */
  warning?(): string | null;
}
