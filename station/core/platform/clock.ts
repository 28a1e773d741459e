/** Time, so that a test can own it. */
export interface Clock {
  /** Wall clock, Unix milliseconds: for records. It may jump. */
  nowMs(): number;
  /** Never goes back: for durations and deadlines. */
  monotonicMs(): number;
  /** Faults with the signal's reason when it fires first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export interface Random {
  bytes(count: number): Uint8Array;
  /** An id that sorts by time of making (UUIDv7 text). */
  id(): string;
}
