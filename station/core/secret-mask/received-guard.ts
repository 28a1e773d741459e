/** What is known now of bytes that were kept, in the order in which they came. */
export interface Decision {
  /** This many bytes, from the first that is kept, may be recorded. */
  readonly count: number;
  /** Ranges of them that may have a secret, and are recorded as asterisks. */
  readonly withheld: readonly ByteRange[];
  /** Why, as the end of a sentence. */
  readonly why: string;
}

/** The bytes from `from` up to, and without, `to`. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Decides what of the bytes of a unit may be recorded: a unit may say a secret that this station does not know. What it decides
 * without new bytes goes to `SecretMask.decide`.
 */
export interface ReceivedGuard {
  /** Keeps bytes that came over the unit's port. Secrets that it finds are masked before it returns. */
  receive(bytes: Uint8Array): Decision;
  /** Finds secrets in a value that came over Bluetooth. */
  receiveValue(value: Uint8Array): void;
  /** Decides about everything that is kept: the recording ends, or another guard follows. */
  finish(): void;
}
