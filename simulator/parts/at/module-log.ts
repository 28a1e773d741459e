const KEPT_LINES = 10;
/** Of a line with its end and the closing zero. */
const LINE_BYTES = 128;
const END_BYTES = 3;

/**
 * The log that a module keeps while it is provisioned, and gives to who asks: the last ten lines, each with the time and the place in
 * the firmware, cut at 125 bytes. Like the firmware it writes down all that it was given. Source: `wifi_config_log_handle.c` of
 * qcloud-iot-sdk-for-at-llsync-example.
 */
export class ModuleLog {
  readonly #nowMs: () => number;
  readonly #lines: Buffer[] = [];

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** @param place function and line of the firmware */
  write(place: string, text: string): void {
    const line = Buffer.from(`${Math.round(this.#nowMs())}|${place}: ${text}`);
    this.#lines.push(Buffer.concat([line.subarray(0, LINE_BYTES - END_BYTES), Buffer.from('\r\n')]));
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
  }

  /** All lines; they are told once. */
  take(): Buffer {
    return Buffer.concat(this.#lines.splice(0));
  }
}
