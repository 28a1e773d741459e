const STATUS_BYTES = 5;
const MAX_BRIGHTNESS = 100;

/**
 * The light of document 003's sample (service FFF0): a command of five bytes — power 0 or 1, brightness 0 to 100, red,
 * green, blue — and a status of the same five.
 */
export class Bulb {
  #status = Buffer.alloc(STATUS_BYTES);

  get status(): Buffer {
    return Buffer.from(this.#status);
  }

  /** Switches the light off, as after power-on. */
  reset(): void {
    this.#status = Buffer.alloc(STATUS_BYTES);
  }

  /** Applies a command. Returns false for an invalid one, which changes nothing. */
  execute(command: Uint8Array): boolean {
    const [power, brightness] = command;
    if (command.length !== STATUS_BYTES || power === undefined || brightness === undefined) return false;
    if (power > 1 || brightness > MAX_BRIGHTNESS) return false;
    this.#status = Buffer.from(command);
    return true;
  }
}
