import type { TextLine } from '#shared/codec/text-lines.ts';

/** A share of noise that is more than a disturbed line has. */
const UNREADABLE_SHARE = 0.25;
/** A unit that is powered, or a bus that changes direction, leaves a byte or two and has said nothing. */
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
   * True when hardly anything is text, and no line is: another rate, no ground, or an inverted line.
   * @param begun what came of the next line
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
