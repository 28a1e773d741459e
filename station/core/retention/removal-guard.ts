/**
 * Decides whether files may be removed because of their age: with a clock that is years ahead everything would be too old.
 * `administration/clock-trust` implements it.
 */
export interface RemovalGuard {
  /** Whether `what` may be removed by its age; false when it cannot be decided. Faults: none. */
  mayRemove(what: string, signal: AbortSignal): Promise<boolean>;
  /** Compares the clocks again. */
  update(): void;
}
