/** A parser of external input. It may throw a Fault; any other error is a crash. */
export interface Target {
  readonly name: string;
  /** Valid inputs, which are mutated. */
  readonly seeds: readonly Uint8Array[];
  feed(bytes: Uint8Array): void | Promise<void>;
}
