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
