/** Source of time; tests have their own. */
export interface Clock {
  /** Wall clock, Unix milliseconds, for records. It may jump. */
  nowMs(): number;
  /** Monotonic clock, milliseconds, for durations and deadlines. */
  monotonicMs(): number;
  /** Faults: the signal's reason when it fires first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** Source of random values; tests have their own. */
export interface Random {
  bytes(count: number): Uint8Array;
  /** An id that sorts by its time of creation (UUIDv7 text). */
  id(): string;
}

export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/** Structured log of the station. A field never has a secret. */
export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  /** `error` may be any thrown value; its message and stack are written. */
  error(event: string, error: unknown, fields?: LogFields): void;
  /** Number of lines that could not be written since the log was opened. */
  lost?(): number;
}

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

/**
 * Facts of the file system that distinguish a directory from a copy of it. `mv` on the same disk changes none of them;
 * `cp -a`, `rsync` and unpacking an archive give other numbers.
 */
export interface DirectoryFacts {
  /** Device number of the file system, in decimal. Valid until the computer is restarted; null where it changes earlier. */
  readonly device: string | null;
  /** Inode number (file id on Windows), in decimal; null where the file system assigns it at each mount. */
  readonly inode: string | null;
  /** Time of creation, nanoseconds since 1970 in decimal; null where the file system does not have it. */
  readonly bornNs: string | null;
}
