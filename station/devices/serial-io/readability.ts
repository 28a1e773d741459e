import type { TextLine } from '#shared/codec/text-lines.ts';

/** Above this share of unusual characters the line is not merely disturbed. */
const UNREADABLE_SHARE = 0.25;
/** Powering a unit, or changing the direction of a bus, causes a byte or two that mean nothing. */
export const GLITCH_BYTES = 2;

/** Distinguishes text with some noise from noise with some characters that look like text. */
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
   * True when no line was free of unusual characters, more than `GLITCH_BYTES` of these came, and they are more than
   * `UNREADABLE_SHARE` of all: the baud rate is wrong, ground is missing, or the line is inverted.
   *
   * @param unfinished the next line, whose end has not come
   */
  isUnreadable(unfinished: TextLine): boolean {
    if (this.#hasReadableLine || (unfinished.unusual === 0 && unfinished.text.length > 1)) return false;
    const unusual = this.#unusual + unfinished.unusual;
    const text = this.#text + unfinished.text.length;
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
