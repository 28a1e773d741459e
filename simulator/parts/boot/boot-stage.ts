/** What a chip does between its power-on or reset and the start of its firmware: its boot loader. */
export interface BootStage {
  /** Resolves when the chip starts its firmware; rejects with the signal's reason when it loses its power. */
  run(signal: AbortSignal): Promise<void>;
  /** Takes bytes while `run` is pending. Does not throw for any bytes. */
  receive(bytes: Uint8Array): void;
  /** Looks at bytes for the running firmware; true when they reset the chip. */
  resetBy?(bytes: Uint8Array): boolean;
}
