import type { TextLine } from '#shared/codec/text-lines.ts';

/** A share of noise that is more than a disturbed line has. */
const UNREADABLE_SHARE = 0.25;

/** Tells text with some noise from noise with some characters that look like text. */
export class Readability {
  #noise = 0;
  #text = 0;
  #hasReadableLine = false;

  add({ text, noise }: TextLine): void {
    this.#noise += noise;
    this.#text += text.length;
    if (noise === 0 && text.length > 1) this.#hasReadableLine = true;
  }

  /**
   * True when hardly anything is text, and no line is: another rate, no ground, or an inverted line.
   * @param begun what came of the next line
   */
  isUnreadable(begun: TextLine): boolean {
    if (this.#hasReadableLine || (begun.noise === 0 && begun.text.length > 1)) return false;
    const noise = this.#noise + begun.noise;
    return noise > 0 && noise / (noise + this.#text + begun.text.length) > UNREADABLE_SHARE;
  }

  copy(): Readability {
    const other = new Readability();
    other.#noise = this.#noise;
    other.#text = this.#text;
    other.#hasReadableLine = this.#hasReadableLine;
    return other;
  }
}
