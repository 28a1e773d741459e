import type { TextLine } from '#shared/codec/text-lines.ts';

/** A share of noise above what a disturbed line has. */
const UNREADABLE_SHARE = 0.25;
/** Powering a unit, or changing the direction of a bus, causes a byte or two that mean nothing. */
export const GLITCH_BYTES = 2;

/** Tells text with some noise from noise with some characters that look like text. */
export class Readability {
  #unusual = 0;
  #text = 0;
  #hasReadableLine = false;

  add({ text, unusual }: TextLine): void {
    this.#unusual += unusual;
    this.#text += text.length;
    if (unusual === 0 && text.length > 1) this.#hasReadableLine = true;
  }

  /**
   * True when hardly anything is text, and no line is: the baud rate is wrong, ground is missing, or the line is inverted.
   * @param begun the begun next line
   */
  isUnreadable(begun: TextLine): boolean {
    if (this.#hasReadableLine || (begun.unusual === 0 && begun.text.length > 1)) return false;
    const unusual = this.#unusual + begun.unusual;
    const text = this.#text + begun.text.length;
    return unusual > GLITCH_BYTES && unusual / (unusual + text) > UNREADABLE_SHARE;
  }

  copy(): Readability {
    const other = new Readability();
    other.#unusual = this.#unusual;
    other.#text = this.#text;
    other.#hasReadableLine = this.#hasReadableLine;
    return other;
  }
}
